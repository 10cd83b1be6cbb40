using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>Compiles and evaluates mappings written as JSON text in <c>pipeline.json</c>, with files held in memory.</summary>
internal sealed class MappingBench : IDefinitionFiles
{
    private static readonly HashSet<string> Roots = ["event", "steps", "lookups", "now"];
    private readonly Dictionary<string, byte[]> _files = [];

    public MappingBench With(string name, string text)
    {
        _files[name] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public MappingBench With(string name, byte[] bytes)
    {
        _files[name] = bytes;
        return this;
    }

    public string PathOf(string name) => $"pipelines/hire/{name}";

    public byte[]? Read(string name) => _files.GetValueOrDefault(name);

    public (CompiledMapping? Mapping, IReadOnlyList<Diagnostic> Findings) TryCompile(string json)
    {
        var bag = new DiagnosticBag();
        SourceDocument document = SourceDocument.Parse(PathOf("pipeline.json"), Encoding.UTF8.GetBytes(json), bag).ShouldNotBeNull();
        return (new MappingCompiler().CompileValue(document.Cursor, this, Roots, bag), bag.Items);
    }

    public CompiledMapping Compile(string json)
    {
        (CompiledMapping? mapping, IReadOnlyList<Diagnostic> findings) = TryCompile(json);
        findings.ShouldBeEmpty();
        return mapping.ShouldNotBeNull();
    }

    /// <summary>The findings, one per line.</summary>
    public string Lint(string json)
    {
        (CompiledMapping? mapping, IReadOnlyList<Diagnostic> findings) = TryCompile(json);
        mapping.ShouldBeNull();
        return string.Join('\n', findings.Select(f => f.ToString()));
    }

    public string Eval(string json, string eventJson = "{}") => Run(Compile(json), eventJson);

    public Diagnostic Fails(string json, string eventJson = "{}")
    {
        CompiledMapping mapping = Compile(json);
        return Should.Throw<MappingException>(() => Run(mapping, eventJson)).Diagnostic;
    }

    public static string Run(CompiledMapping mapping, string eventJson)
    {
        using JsonDocument document = JsonDocument.Parse(eventJson);
        return mapping.Evaluate(new Dictionary<string, JsonElement> { ["event"] = document.RootElement }, TestContext.Current.CancellationToken)?.ToJsonString() ?? "null";
    }

    /// <summary>A script as the value <c>{"$js": …}</c>.</summary>
    public static string Js(string script) => JsonSerializer.Serialize(new Dictionary<string, string> { ["$js"] = script });

    /// <summary>A template as a JSON string.</summary>
    public static string Template(string template) => JsonSerializer.Serialize(template);
}
