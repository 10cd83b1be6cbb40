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

    private static readonly ConcurrentDictionary<(string Kind, string Name), IReadOnlyList<Diagnostic>> Linted = new();

    public static IReadOnlyDictionary<string, Connector> Installed => LazyInstalled.Value;

    /// <summary>The cases of one kind, <c>bad</c> or <c>good</c>.</summary>
    public static IReadOnlyList<string> Cases(string kind) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root, kind)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>Compiles the base with the files of a case over it; once for all tests.</summary>
    public static IReadOnlyList<Diagnostic> Lint(string kind, string name) => Linted.GetOrAdd((kind, name), c => Compile(c.Kind, c.Name));

    private static IReadOnlyList<Diagnostic> Compile(string kind, string name)
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
            return new WorkspaceCompiler(Installed, new MappingCompiler()).Compile(folder, "w", environment).Findings;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
