using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Contract;

/// <summary>The suite sees what it is for: each mistake in a good folder is caught by the rule that is about it.</summary>
public sealed class SeededDefectTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("aria-seeded-");

    public static TheoryData<string, string> Defects => [.. SeededDefect.All.Select(d => (d.Rule, d.Name))];

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Defects))]
    public void Defect_InAGoodFolder_IsCaughtByItsRule(string rule, string name)
    {
        SeededDefect defect = SeededDefect.All.Single(d => d.Name == name);
        string folder = Copy(defect.Base);
        string file = Path.Combine(folder, ConnectorReader.FileName);
        JsonObject connector = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        defect.Make(connector, folder);
        File.WriteAllText(file, connector.ToJsonString(new() { WriteIndented = true }));

        IReadOnlyList<RuleResult> results = BehaviourRules.Run(folder, $"plugins/{defect.Base}");

        Diagnostic found = results.Single(r => r.Rule.Id == rule).Findings.FirstOrDefault(f => f.Summary.Contains(defect.Said, StringComparison.Ordinal))
            .ShouldNotBeNull($"'{rule}' does not see it. What was seen: {string.Join('\n', results.SelectMany(r => r.Findings))}");
        (found.File, found.Line).ShouldNotBe((null, null));
        found.Detail.ShouldNotBeEmpty();
    }

    [Fact]
    public void GoodFolder_Copied_BreaksNoRule() =>
        BehaviourRules.Run(Copy("Greenhouse"), "plugins/Greenhouse").SelectMany(r => r.Findings).Select(f => f.ToString()).ShouldBeEmpty();

    private string Copy(string name)
    {
        string from = Path.Combine(BuiltPlugins.Connectors, name);
        string to = Path.Combine(_root.FullName, "plugins", name);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return to;
    }
}
