using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Xunit;

namespace Aria.Pipelines.ConnectorContract;

/// <summary>
/// The part of the behaviour suite that needs no system. One line buys it for a connector:
/// <code>public sealed class MyAtsBehaviour() : ConnectorBehaviour("plugins/MyAts");</code>
/// Every rule is a test of its own; its name is the rule's number and what it demands.
/// </summary>
/// <param name="folder">
/// The connector's folder, which holds <c>connector.json</c>; a DLL lies beside it, or where a build in a plugins folder puts it. A relative
/// one is looked for in every folder above the test's program, because test runners choose their own current directory.
/// </param>
/// <exception cref="InvalidOperationException">There is no such folder.</exception>
public abstract class ConnectorBehaviour(string folder)
{
    /// <summary>The rules that definition and samples can tell.</summary>
    public static TheoryData<string> OfflineRules { get; } = [.. ConnectorVerification.Rules.Select(r => $"{r.Id}: {r.Title}")];

    /// <summary>The connector's folder.</summary>
    protected string Folder { get; } = Find(folder);

    /// <summary>Holds the connector to one rule about its definition and samples.</summary>
    /// <param name="rule">Number and title.</param>
    [Theory]
    [MemberData(nameof(OfflineRules))]
    public void Definition(string rule)
    {
        using InstalledConnectors installed = Load(Folder, out InstalledConnector found);
        ConnectorSubject subject = ConnectorSubject.Open(found, TimeProvider.System);
        Demand([.. ConnectorVerification.Rules.Single(r => r.Id == Number(rule)).Check(subject).Select(f => f.ToString())]);
    }

    internal static InstalledConnectors Load(string folder, out InstalledConnector found)
    {
        string full = Path.GetFullPath(folder);
        var bag = new DiagnosticBag();
        InstalledConnectors installed = InstalledConnectors.Load(Path.GetDirectoryName(full)!, Path.GetDirectoryName(folder)!, new MappingCompiler(), bag, Path.GetFileName(full));
        if (installed.All is not [var only])
        {
            installed.Dispose();
            throw new InvalidOperationException($"The connector in '{folder}' cannot be loaded:\n{string.Join('\n', bag.Items)}");
        }
        found = only;
        return installed;
    }

    private static string Find(string folder)
    {
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, folder, "connector.json")))
            {
                return Path.Combine(above.FullName, folder);
            }
        }
        throw new InvalidOperationException($"There is no '{folder}/connector.json' in '{AppContext.BaseDirectory}' or a folder above it. Give the connector's folder as it is seen from one of them, or its whole path.");
    }

    internal static string Number(string rule) => rule.Split(':')[0];

    internal static void Demand(IReadOnlyList<string> findings) => Assert.True(findings.Count == 0, string.Join('\n', findings));
}
