using System.Collections.Concurrent;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>The corpus under <c>tests/authoring</c>: a right workspace, and cases that each put other files over it.</summary>
internal static class AuthoringCorpus
{
    public static string Root { get; } = Path.Combine(Tests.Connectors.Plugins.Root, "tests", "authoring");

    private static readonly Lazy<Dictionary<string, Connector>> LazyInstalled = new(() => new Dictionary<string, Connector>
    {
        ["greenhouse"] = Tests.Connectors.Plugins.Greenhouse,
        ["aria"] = Tests.Connectors.Plugins.Aria,
        ["desk"] = Tests.Connectors.Plugins.Read(new DefinitionFolder(Path.Combine(Root, "connectors", "Desk"), "tests/authoring/connectors/Desk")),
    });

    private const string ConnectorFolder = "connectors/Desk";

    private static readonly ConcurrentDictionary<(string Kind, string Name), IReadOnlyList<Diagnostic>> Linted = new();

    public static IReadOnlyDictionary<string, Connector> Installed => LazyInstalled.Value;

    /// <summary>The cases of one kind, <c>bad</c> or <c>good</c>.</summary>
    public static IReadOnlyList<string> Cases(string kind) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root, kind)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>Compiles the base with the files of a case over it; once for all tests.</summary>
    public static IReadOnlyList<Diagnostic> Lint(string kind, string name) => Linted.GetOrAdd((kind, name), c => Compile(c.Kind, c.Name));

    /// <summary>Compiles a case with a number of pipelines at a time.</summary>
    public static IReadOnlyList<Diagnostic> Compile(string kind, string name, int parallelism = 8)
    {
        string folder = Directory.CreateTempSubdirectory("authoring").FullName;
        try
        {
            Copy(Path.Combine(Root, "base"), folder);
            Copy(Path.Combine(Root, kind, name), folder);
            JsonElement? expected = Expected(kind, name);
            if (expected is { } e && e.TryGetProperty("without", out JsonElement removed))
            {
                File.Delete(Path.Combine(folder, removed.GetString()!));
            }
            string environment = File.Exists(Path.Combine(Root, kind, name, "environments", "sandbox.json")) ? "sandbox" : "production";
            (IReadOnlyDictionary<string, Connector> connectors, IReadOnlyList<Diagnostic> found) = Connectors(kind, name, folder);
            Directory.Delete(Path.Combine(folder, "connectors"), recursive: true);
            return [.. found, .. new WorkspaceCompiler(connectors, new MappingCompiler()) { Parallelism = parallelism }.Compile(folder, "w", environment).Findings];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The connectors; a case may bring its own Desk.</summary>
    private static (IReadOnlyDictionary<string, Connector> Connectors, IReadOnlyList<Diagnostic> Found) Connectors(string kind, string name, string folder)
    {
        if (!Directory.Exists(Path.Combine(Root, kind, name, ConnectorFolder)))
        {
            Directory.CreateDirectory(Path.Combine(folder, "connectors"));
            return (Installed, []);
        }
        Copy(Path.Combine(Root, ConnectorFolder), Path.Combine(folder, ConnectorFolder));
        Copy(Path.Combine(Root, kind, name, ConnectorFolder), Path.Combine(folder, ConnectorFolder));
        var bag = new DiagnosticBag();
        Connector? own = ConnectorReader.Read(new DefinitionFolder(Path.Combine(folder, ConnectorFolder), $"w/{ConnectorFolder}"), null, new MappingCompiler(), bag);
        // A connector with errors is not installed; what speaks of it is not looked at, so that only its own findings count.
        return (own is null ? Installed : new Dictionary<string, Connector>(Installed) { ["desk"] = own }, bag.Items);
    }

    /// <summary>What <c>expect.json</c> of a case says; null when it has none.</summary>
    public static JsonElement? Expected(string kind, string name)
    {
        string file = Path.Combine(Root, kind, name, "expect.json");
        return File.Exists(file) ? JsonElement.Parse(File.ReadAllBytes(file)) : null;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "expect.json"))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
