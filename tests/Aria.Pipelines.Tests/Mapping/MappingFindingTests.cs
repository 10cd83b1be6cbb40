using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>What is wrong is found at load, with its place in the author's file.</summary>
public sealed class MappingFindingTests
{
    private readonly MappingBench _bench = new();

    [Theory]
    [InlineData("{\n  \"a\": \"x {{ evnt.id }}\" }", "pipelines/hire/pipeline.json(2,14): error ARIA5003: 'evnt' is not known here. Did you mean 'event'? Known: event, lookups, now, steps, aria, array, date, html, math, object, regex, string, timespan.")]
    [InlineData("{\"a\":\"\\\"\\u0041\\n{{ evnt }}\"}", "pipelines/hire/pipeline.json(1,20): error ARIA5003")]
    [InlineData("\"{{ event.id + }}\"", "pipelines/hire/pipeline.json(1,16): error ARIA5002: The template cannot be parsed.")]
    [InlineData("\"{{ if event.id }}x\"", "ARIA5002")]
    [InlineData("\"{{ date.now }}\"", "pipelines/hire/pipeline.json(1,5): error ARIA5009: 'date.now' is not available in a mapping. A mapping always makes the same result. Use the root 'now'.")]
    [InlineData("\"{{ math.random 1 5 }}\"", "ARIA5009: 'math.random'")]
    [InlineData("\"{{ math.uuid }}\"", "ARIA5009: 'math.uuid'")]
    [InlineData("\"{{ '1' | object.eval }}\"", "ARIA5009: 'object.eval'")]
    [InlineData("\"{{ include 'x' }}\"", "ARIA5003: 'include'")]
    [InlineData("\"{{ with event }}{{ id }}{{ end }}\"", "ARIA5009: 'with'")]
    [InlineData("{\"$js\":\"evnt.id\"}", "pipelines/hire/pipeline.json(1,9): error ARIA5003: 'evnt' is not known here. Did you mean 'event'?")]
    [InlineData("{\"$js\":\"event.id +\\n  evnt.id\"}", "pipelines/hire/pipeline.json(1,23): error ARIA5003")]
    [InlineData("{\"$js\":\"event.id +* 2\"}", "pipelines/hire/pipeline.json(1,19): error ARIA5001: The script cannot be parsed. Unexpected token '*'")]
    [InlineData("{\"$js\":\"1) + (2\"}", "ARIA5001")]
    [InlineData("{\"$js\":\"Date.now()\"}", "pipelines/hire/pipeline.json(1,9): error ARIA5009: 'Date.now' is not available in a mapping.")]
    [InlineData("{\"$js\":\"new Date()\"}", "ARIA5009: 'new Date()' without a date")]
    [InlineData("{\"$js\":\"Date()\"}", "ARIA5009: 'Date()'")]
    [InlineData("{\"$js\":\"Math.random()\"}", "ARIA5009: 'Math.random' is not available in a mapping.")]
    [InlineData("{\"$js\":\"Intl.NumberFormat('de')\"}", "ARIA5003: 'Intl'")]
    [InlineData("{\"$js\":\"crypto.randomUUID()\"}", "ARIA5003: 'crypto'")]
    [InlineData("{\"$js\":1}", "ARIA1005: Expected a string, found a number.")]
    [InlineData("{\"a\":1,\"$js\":\"1\"}", "pipelines/hire/pipeline.json(1,8): error ARIA5005: '$js' must be the only property of its object.")]
    [InlineData("{\"$fiel\":\"x\"}", "pipelines/hire/pipeline.json(1,2): error ARIA5004: '$fiel' is not a kind of value. Did you mean '$file'?")]
    [InlineData("{\"$file\":\"x.txt\"}", "pipelines/hire/pipeline.json(1,10): error ARIA5006: 'x.txt' does not say what it holds.")]
    [InlineData("{\"$file\":\"x.js\"}", "pipelines/hire/pipeline.json(1,10): error ARIA1007: File 'x.js' does not exist in this folder.")]
    public void Finding_NamesPlaceAndFix(string json, string expected) => _bench.Lint(json).ShouldContain(expected);

    [Theory]
    [InlineData("f.js", "const a = 1;\nreturn a + evnt.id;", "pipelines/hire/f.js(2,12): error ARIA5003")]
    [InlineData("f.js", "evnt.id", "pipelines/hire/f.js(1,1): error ARIA5003")]
    [InlineData("f.js", "({\n  a: 1,\n  b: 2 3\n})", "pipelines/hire/f.js(3,8): error ARIA5001")]
    [InlineData("f.js", "const a = 1;\nreturn a +;\n", "pipelines/hire/f.js(2,11): error ARIA5001")]
    [InlineData("f.js", "const a = event.id;\na + 1;\n", "pipelines/hire/f.js(1,1): error ARIA5010: The script never returns a value. Write one expression, or statements that end with 'return …;'.")]
    [InlineData("f.js", "const f = () => { return 1 };\nf();\n", "ARIA5010")]
    [InlineData("f.js", "}); (function(){ return 1", "ARIA5001")]
    [InlineData("f.scriban", "Dear\n  {{ evnt.name }}", "pipelines/hire/f.scriban(2,6): error ARIA5003")]
    [InlineData("f.json", "{\n  \"a\": \"{{ evnt }}\" }", "pipelines/hire/f.json(2,12): error ARIA5003")]
    [InlineData("f.json", "{ \"a\": }", "pipelines/hire/f.json(1,8): error ARIA1001")]
    [InlineData("f.json", "{ \"a\": 1, \"a\": 2 }", "ARIA1002")]
    [InlineData("f.json", "{ \"again\": { \"$file\": \"f.json\" } }", "pipelines/hire/f.json(1,23): error ARIA5008: 'f.json' includes itself. The way round: f.json → f.json.")]
    public void Finding_InAFile_PointsIntoIt(string name, string text, string expected) =>
        _bench.With(name, text).Lint($$"""{ "$file": "{{name}}" }""").ShouldContain(expected);

    [Fact]
    public void File_OverTheLimit_IsTooLarge() =>
        _bench.With("f.scriban", new string('x', 100_001)).Lint("""{ "$file": "f.scriban" }""").ShouldBe(
            "pipelines/hire/f.scriban(1,1): error ARIA5007: 'f.scriban' is too_large: 100001 bytes. A mapping file may have 100000 bytes.");

    [Theory]
    [InlineData("f.js")]
    [InlineData("f.json")]
    public void File_OfEachKind_MayHaveAsMuchAndNoMore(string name)
    {
        string text = name.EndsWith(".js", StringComparison.Ordinal) ? "return 1;" : "1";

        _bench.With(name, text.PadRight(100_000)).Eval($$"""{ "$file": "{{name}}" }""").ShouldBe("1");
        _bench.With(name, text.PadRight(100_001)).Lint($$"""{ "$file": "{{name}}" }""").ShouldBe(
            $"pipelines/hire/{name}(1,1): error ARIA5007: '{name}' is too_large: 100001 bytes. A mapping file may have 100000 bytes.");
    }

    [Fact]
    public void Script_InAMapping_MayHaveAsMuchAndNoMore()
    {
        _bench.Eval(MappingBench.Js("1".PadRight(100_000))).ShouldBe("1");
        _bench.Lint(MappingBench.Js("1".PadRight(100_001))).ShouldBe(
            "pipelines/hire/pipeline.json(1,8): error ARIA5007: The script is too_large: 100001 characters. A script may have 100000 characters.");
    }

    [Fact]
    public void Template_InAMapping_MayHaveAsMuchAndNoMore()
    {
        _bench.Eval(MappingBench.Template("{{ 1 }}" + new string('x', 99_993))).Length.ShouldBe(100_000 - 7 + 3);
        _bench.Lint(MappingBench.Template("{{ 1 }}" + new string('x', 99_994))).ShouldContain("error ARIA5007: The template is too_large: 100001 characters.");
    }

    [Fact]
    public void File_NotUtf8_IsAFinding() =>
        _bench.With("f.js", [0x22, 0xFF, 0x22]).Lint("""{ "$file": "f.js" }""").ShouldContain("ARIA5011: The file is not UTF-8 text. The first wrong byte is at offset 1.");

    [Fact]
    public void Findings_AreAllReportedAtOnce() =>
        _bench.Lint("""[ "{{ a1 }}", { "$js": "b1" }, { "$nope": 1 } ]""").Split('\n').Length.ShouldBe(3);

    [Theory]
    [InlineData("\"{{ event.candidte.name }}\"", "pipelines/hire/pipeline.json(1,11): error template_error: Member 'candidte' does not exist. Did you mean 'candidate'? Known: candidate, none. When it may be missing, write '?.' before it.")]
    [InlineData("\"\\t{{ event.candidate.nam }}\"", "pipelines/hire/pipeline.json(1,23): error template_error: Member 'nam' does not exist. Did you mean 'name'?")]
    [InlineData("\"{{ event['candidte'] }}\"", "template_error: Member 'candidte' does not exist.")]
    [InlineData("\"{{ event.none.x }}\"", "pipelines/hire/pipeline.json(1,16): error template_error: The template failed. Object `event.none` is null.")]
    [InlineData("\"{{ date.parse 'soon' }}\"", "template_error: The text given to 'date.parse' is not a date.")]
    [InlineData("{\"$js\":\"event.candidte.name\"}", "pipelines/hire/pipeline.json(1,24): error script_error: The script failed. Cannot read propert")]
    [InlineData("{\"$js\":\"event.candidte\"}", "script_error: The result is undefined.")]
    [InlineData("{\"$js\":\"(() => { throw new Error('no') })()\"}", "script_error: The script failed. no")]
    [InlineData("{\"$js\":\"[() => 1]\"}", "script_error: The result contains a function, which cannot become JSON.")]
    [InlineData("{\"$js\":\"new Map()\"}", "script_error: The result contains a Map, which cannot become JSON.")]
    public void Failure_NamesPlaceAndFix(string json, string expected)
    {
        Diagnostic failure = _bench.Fails(json, """{ "candidate": { "name": "Zoë" }, "none": null }""");

        failure.ToString().ShouldContain(expected);
    }

    [Theory]
    [InlineData("f.js", "const c = event.candidte;\nreturn c.name;", "pipelines/hire/f.js(2,10): error script_error")]
    [InlineData("f.scriban", "Dear\n{{ event.candidte }}", "pipelines/hire/f.scriban(2,10): error template_error")]
    [InlineData("f.json", "{\n \"a\": \"{{ event.candidte }}\" }", "pipelines/hire/f.json(2,17): error template_error")]
    public void Failure_InAFile_PointsIntoIt(string name, string text, string expected) =>
        _bench.With(name, text).Fails($$"""{ "$file": "{{name}}" }""", """{ "candidate": 1 }""").ToString().ShouldStartWith(expected);
}
