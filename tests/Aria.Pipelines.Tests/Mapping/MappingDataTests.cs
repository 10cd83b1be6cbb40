using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>Data stays data: nothing in it is run, cut or changed on its way through.</summary>
public sealed class MappingDataTests
{
    private readonly MappingBench _bench = new();

    public static TheoryData<string> Naughty { get; } = [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Mapping/Vectors/naughty-candidate-strings.json")))
        .RootElement.GetProperty("strings").EnumerateArray().Select(s => s.GetString()!)];

    [Fact]
    public void NaughtyStrings_PassUnchanged()
    {
        CompiledMapping mapping = _bench.With("f.scriban", "{{ event.name }}").Compile(
            """
            { "text": "<{{ event.name }}>", "expression": "{{ event.name }}", "computed": "{{ event.name ?? 1 }}", "script": { "$js": "event.name" },
              "joined": { "$js": "'<' + event.name + '>'" }, "file": { "$file": "f.scriban" }, "whole": "{{ event }}", "scriptWhole": { "$js": "event" }, "computedWhole": "{{ event ?? 1 }}" }
            """);
        foreach (string name in Naughty.Select(r => r.Data))
        {
            string json = JsonSerializer.Serialize(new Dictionary<string, string> { ["name"] = name, [name] = "key" });

            JsonNode made = JsonNode.Parse(MappingBench.Run(mapping, json))!;

            made["text"]!.GetValue<string>().ShouldBe($"<{name}>");
            made["expression"]!.GetValue<string>().ShouldBe(name);
            made["computed"]!.GetValue<string>().ShouldBe(name);
            made["script"]!.GetValue<string>().ShouldBe(name);
            made["joined"]!.GetValue<string>().ShouldBe($"<{name}>");
            made["file"]!.GetValue<string>().ShouldBe(name);
            JsonNode.DeepEquals(made["whole"], JsonNode.Parse(json)).ShouldBeTrue();
            JsonNode.DeepEquals(made["scriptWhole"], JsonNode.Parse(json)).ShouldBeTrue();
            JsonNode.DeepEquals(made["computedWhole"], JsonNode.Parse(json)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("\"{{ event.n }}\"")]
    [InlineData("\"{{ event.n ?? 0 }}\"")]
    public void Number_CopiedByOneExpression_KeepsItsValue(string json)
    {
        foreach (string digits in (string[])["0", "-7", "9007199254740993", "12345678901234567890123", "0.1234567890123456789", "8.50", "-0.25"])
        {
            _bench.Eval(json, $$"""{ "n": {{digits}} }""").ShouldBe(digits);
        }
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-0")]
    [InlineData("1E2")]
    [InlineData("0.12345678901234567890123456789012345678901234567890")]
    public void Number_CopiedByAPath_KeepsItsDigits(string digits)
    {
        _bench.Eval("\"{{ event.n }}\"", $$"""{ "n": {{digits}} }""").ShouldBe(digits);
        _bench.Eval("\"{{ event }}\"", $$"""{ "n": {{digits}} }""").ShouldBe($$"""{"n":{{digits}}}""");
    }

    [Theory]
    [InlineData("\"{{ event.n + 1 }}\"")]
    [InlineData("\"is {{ event.n }}\"")]
    [InlineData("\"{{ -event.n }}\"")]
    [InlineData("\"{{ event.n > 1 }}\"")]
    [InlineData("\"{{ 1 / event.zero }}\"")]
    [InlineData("{\"$js\":\"event.n\"}")]
    [InlineData("{\"$js\":\"event.list[0] > 1\"}")]
    [InlineData("{\"$js\":\"1 / event.zero\"}")]
    [InlineData("{\"$js\":\"({ a: [0 / event.zero] })\"}")]
    public void Number_OutOfRange_FailsInsteadOfInfinity(string json) =>
        _bench.Fails(json, """{ "n": 1e400, "zero": 0.0, "list": [1e400] }""").Code.ShouldBe("number_out_of_range");

    [Theory]
    [InlineData("event.n", "\"9007199254740993\"")]
    [InlineData("'id-' + event.n", "\"id-9007199254740993\"")]
    [InlineData("event.n === '9007199254740993'", "true")]
    [InlineData("event.list.map(n => n)", "[\"-12345678901234567890123\",2]")]
    [InlineData("event", "{\"n\":9007199254740993,\"list\":[-12345678901234567890123,2]}")]
    [InlineData("({ ...event }).n", "\"9007199254740993\"")]
    public void Number_BeyondDoubles_ReadsAsTextInScripts(string script, string expected) =>
        _bench.Eval(MappingBench.Js(script), """{ "n": 9007199254740993, "list": [-12345678901234567890123, 2] }""").ShouldBe(expected);

    [Fact]
    public void Script_LoneSurrogate_Fails() => _bench.Fails(MappingBench.Js("'👩'.slice(0, 1)")).Summary.ShouldBe("The result contains half a character.");

    [Theory]
    [InlineData("\"{{ event?.missing }}\"", "null")]
    [InlineData("\"{{ event.none?.x }}\"", "null")]
    [InlineData("\"{{ event?.missing?.x ?? 'none' }}\"", "\"none\"")]
    [InlineData("\"{{ event.items[0]?.id }}\"", "null")]
    [InlineData("{\"$js\":\"event.none?.x ?? null\"}", "null")]
    [InlineData("{\"$js\":\"event.missing?.x ?? 'none'\"}", "\"none\"")]
    public void Missing_NullSafe_IsNull(string json, string expected) => _bench.Eval(json, """{ "none": null, "items": [{}] }""").ShouldBe(expected);

    [Theory]
    [InlineData("\"{{ event = 5; event }}\"")]
    [InlineData("\"{{ x = [3]; x[0] = 5; x[0] }}\"")]
    [InlineData("\"{{ x = {}; x.a = 5; x.a }}\"")]
    [InlineData("\"{{ for x in event.list }}{{ x + 4 }}{{ break }}{{ end }}\"")]
    [InlineData("\"{{ func f(x); ret x + 4; end; f 1 }}\"")]
    [InlineData("\"{{ capture x }}5{{ end; x }}\"")]
    public void Template_OwnVariables_AreLocal(string json)
    {
        _bench.Eval($$$"""[{{{json}}}, "{{ event.list }}"]""", """{ "list": [1] }""").ShouldBe("""["5",[1]]""");
    }
}
