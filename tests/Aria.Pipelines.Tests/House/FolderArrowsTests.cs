using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Aria.Pipelines.Tests.House;

/// <summary>Arrows between the engine's folders. A new arrow is a decision: it is added here, with a look at the picture.</summary>
public sealed class FolderArrowsTests
{
    private const string Root = "Aria.Pipelines.";

    // Folder → the folders it may know. The one that says the most: ingress writes, runs read, and the store is the only way from one to the other.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Definitions"] = [],
        ["Secrets"] = [],
        ["Telemetry"] = [],
        ["Mapping"] = ["Definitions"],
        ["Schemas"] = ["Definitions"],
        ["Privacy"] = ["Secrets"],
        ["Store"] = ["Privacy", "Telemetry"],
        ["Effects"] = ["Store", "Connectors", "Outbound", "Telemetry"],
        ["Outbound"] = ["Store"],
        ["Connectors"] = ["Definitions", "Mapping", "Schemas", "Outbound", "Secrets", "Store", "Telemetry"],
        ["Plugins"] = ["Definitions", "Mapping", "Connectors"],
        ["Pipelines"] = ["Connectors", "Mapping"],
        ["Compilation"] = ["Definitions", "Mapping", "Schemas", "Connectors", "Pipelines", "Outbound", "Store"],
        ["Catalog"] = ["Definitions", "Mapping", "Connectors", "Pipelines", "Compilation", "Store"],
        ["Runs"] = ["Definitions", "Mapping", "Connectors", "Pipelines", "Catalog", "Effects", "Privacy", "Store", "Telemetry"],
        ["Authoring"] = ["Definitions", "Secrets", "Mapping", "Schemas", "Connectors", "Plugins", "Outbound", "Pipelines", "Compilation", "Store", "Testing", "Runs"],
        ["Ingress"] = ["Mapping", "Connectors", "Pipelines", "Catalog", "Store", "Telemetry"],
        ["Testing"] = ["Definitions", "Secrets", "Mapping", "Privacy", "Store", "Connectors", "Outbound", "Pipelines", "Compilation", "Catalog", "Effects", "Runs", "Ingress"],
    };

    private static readonly Architecture Engine = new ArchLoader().LoadAssemblies(typeof(AriaEngine).Assembly, typeof(Abstractions.Diagnostic).Assembly).Build();

    [Fact]
    public void Folders_Dependencies_AreTheAllowedArrows()
    {
        string[] arrows = [.. Engine.Types
            .SelectMany(t => t.Dependencies)
            // The loader gives generic parameters of generated serializers the name of another class's method.
            .Where(d => !d.Target.FullName.Contains("::", StringComparison.Ordinal))
            .Select(d => (From: Folder(d.Origin), To: Folder(d.Target)))
            .Where(a => a.From is not null && a.To is not null && a.From != a.To)
            .Select(a => $"{a.From} → {a.To}")
            .Distinct()
            .Order(StringComparer.Ordinal)];

        string[] forbidden = [.. arrows.Except(Allowed.SelectMany(a => a.Value.Select(to => $"{a.Key} → {to}")))];

        forbidden.ShouldBeEmpty();
        arrows.ShouldContain("Runs → Store", "the loader must see dependencies at all");
        Allowed.SelectMany(a => a.Value.Select(to => $"{a.Key} → {to}")).Except(arrows).ShouldBeEmpty("an arrow that is not used is not allowed for later");
    }

    [Fact]
    public void Folders_InTheTable_AreTheFoldersThatExist()
    {
        string[] folders = [.. Engine.Types.Select(Folder).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

        folders.ShouldBe(Allowed.Keys.Order(StringComparer.Ordinal));
    }

    private static string? Folder(IType type)
    {
        string name = type.Namespace?.FullName ?? "";
        if (!name.StartsWith(Root, StringComparison.Ordinal) || name.StartsWith("Aria.Pipelines.Abstractions", StringComparison.Ordinal))
        {
            return null;
        }
        return name[Root.Length..].Split('.')[0];
    }
}
