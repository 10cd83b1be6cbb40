using System.Collections.Concurrent;
using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Connectors;
using Xunit;

namespace Aria.Pipelines.ConnectorContract;

/// <summary>
/// The rules that every connector is held to, as tests: one class of one line buys them.
/// <code>public sealed class AcmeContract() : ConnectorBehaviour("plugins/Acme");</code>
/// They need the connector's folder and nothing else.
/// </summary>
/// <param name="folder">The connector folder, relative to the test project's output or to any folder above it.</param>
public abstract class ConnectorBehaviour(string folder)
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<RuleResult>>> Results = new();

    /// <summary>Ids and titles of the rules that need nothing but the folder.</summary>
    public static TheoryData<string, string> FolderRules => [.. BehaviourRules.All.Select(r => (r.Id, r.Title))];

    /// <summary>The connector folder, as it was given.</summary>
    public string Folder => folder;

    /// <summary>Full path of the connector folder.</summary>
    /// <exception cref="DirectoryNotFoundException">Neither the test project's output nor a folder above it holds it.</exception>
    protected string FullPath => Find(folder);

    /// <summary>Holds the folder to one rule. A rule that says nothing about this connector is skipped, with the reason.</summary>
    /// <param name="id">Id of the rule.</param>
    /// <param name="title">What has to be so.</param>
    [Theory]
    [MemberData(nameof(FolderRules))]
    public void Rule(string id, string title)
    {
        IReadOnlyList<RuleResult> results = Results.GetOrAdd(FullPath, path => new Lazy<IReadOnlyList<RuleResult>>(() => BehaviourRules.Run(path, folder))).Value;
        RuleResult result = results.Single(r => r.Rule.Id == id);
        if (result.Idle is { } reason)
        {
            Assert.Skip(reason);
        }
        if (result.Findings.Count > 0)
        {
            Assert.Fail(Report(id, title, result.Findings));
        }
    }

    /// <summary>What a failed rule says: its name, and for each problem what, where and how to mend it.</summary>
    private protected static string Report(string id, string title, IReadOnlyList<Diagnostic> findings)
    {
        var text = new StringBuilder($"{id}: {title}.\n");
        foreach (Diagnostic finding in findings)
        {
            text.Append(finding.File is null ? "" : $"{finding.File}({finding.Line ?? 1},{finding.Column ?? 1}): ").Append(finding.Summary).Append("\n  Mend: ").Append(finding.Detail).Append('\n');
        }
        return text.ToString();
    }

    private static string Find(string folder)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.GetFullPath(Path.Combine(at.FullName, folder));
            // Beside its output a build may keep a folder of the same name.
            if (File.Exists(Path.Combine(path, ConnectorReader.FileName)))
            {
                return path;
            }
        }
        throw new DirectoryNotFoundException($"There is no connector folder '{folder}' in '{AppContext.BaseDirectory}' or above it.");
    }
}
