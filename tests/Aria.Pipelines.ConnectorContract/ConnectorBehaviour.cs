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
/// <param name="folder">The connector's folder, which holds <c>connector.json</c>; a DLL lies beside it, or where a build in a plugins folder puts it.</param>
public abstract class ConnectorBehaviour(string folder)
{
    /// <summary>The rules that definition and samples can tell.</summary>
    public static TheoryData<string> OfflineRules { get; } = [.. ConnectorVerification.Rules.Select(r => $"{r.Id}: {r.Title}")];

    /// <summary>The connector's folder.</summary>
    protected string Folder => folder;

    /// <summary>Holds the connector to one rule about its definition and samples.</summary>
    /// <param name="rule">Number and title.</param>
    [Theory]
    [MemberData(nameof(OfflineRules))]
    public void Definition(string rule)
    {
        using InstalledConnectors installed = Load(folder, out InstalledConnector found);
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

    internal static string Number(string rule) => rule.Split(':')[0];

    internal static void Demand(IReadOnlyList<string> findings) => Assert.True(findings.Count == 0, string.Join('\n', findings));
}
