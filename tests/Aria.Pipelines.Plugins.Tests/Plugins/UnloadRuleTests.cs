using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>The rule about DLLs that stay in memory, seen to fail: a seeded leak is found by it and by no other rule.</summary>
public sealed class UnloadRuleTests
{
    [Fact]
    public void Verify_DllThatTheProcessHoldsOnTo_IsFoundByItsRuleAlone()
    {
        string[] good = Verify("VersionOne", "Aria.Pipelines.Plugins.Versioned.dll");
        string[] leaky = Verify("Leaky", "Aria.Pipelines.Plugins.Leaky.dll");

        good.ShouldNotContain(f => f.Contains("CB28", StringComparison.Ordinal));
        leaky.Except(good).ShouldHaveSingleItem().ShouldEndWith(
            "CB28 The DLL stays in memory after its connector was disposed of. Keep no objects in static fields or events of the host; start no threads and no timers.");
    }

    private static string[] Verify(string fixture, string code)
    {
        using var root = new ConnectorsRoot();
        string folder = root.Add("Thing", Directory.GetFiles(BuiltPlugins.Fixture(fixture)));
        // What has another length comes last, so that all other findings of both are at the same places.
        File.WriteAllText(Path.Combine(folder, ConnectorReader.FileName), $$"""
            { "connector": "thing", "version": "1.0.0", "contract": 1, "title": "Thing", "settings": {}, "http": { "baseUrl": "https://thing.example" },
              "operations": { "thing.put": { "effect": "idempotent", "input": { "type": "object" }, "request": "code", "sample": {} } },
              "code": "{{code}}" }
            """);
        _ = root.Locked();
        var bag = new DiagnosticBag();
        using InstalledConnectors installed = InstalledConnectors.Load(root.Root, "plugins", new MappingCompiler(), bag, "Thing");
        InstalledConnector found = installed.All.ShouldHaveSingleItem(string.Join('\n', bag.Items));
        return [.. ConnectorVerification.Verify(ConnectorSubject.Open(found, TimeProvider.System)).Select(f => f.ToString())];
    }
}
