namespace Aria.Pipelines.Tests.Mapping;

public sealed class MappingCompilerTests
{
    private const string Candidate = """{ "id": 7, "name": "Zoë", "score": 8.50, "big": 12345678901234567890123, "none": null, "tags": ["a", "b"], "job": { "id": "J1" } }""";
    private readonly MappingBench _bench = new();

    [Theory]
    [InlineData("\"plain\"", "\"plain\"")]
    [InlineData("12345678901234567890.10", "12345678901234567890.10")]
    [InlineData("{\"a\":[1,true,null,{\"b\":\"{{ event.name }}!\"}]}", "{\"a\":[1,true,null,{\"b\":\"Zo\\u00EB!\"}]}")]
    [InlineData("\"{{ event.id }}\"", "7")]
    [InlineData("\"{{ event.score }}\"", "8.50")]
    [InlineData("\"{{ event.big }}\"", "12345678901234567890123")]
    [InlineData("\"{{ event.none }}\"", "null")]
    [InlineData("\"{{ event.tags }}\"", "[\"a\",\"b\"]")]
    [InlineData("\"{{ event.job }}\"", "{\"id\":\"J1\"}")]
    [InlineData("\"{{event.id}}-{{event.none}}\"", "\"7-\"")]
    [InlineData("\"{{ event.id + 1 }}\"", "8")]
    [InlineData("\"{{ event.id > 3 }}\"", "true")]
    [InlineData("\"{{ { a: event.tags, b: 1 } }}\"", "{\"a\":[\"a\",\"b\"],\"b\":1}")]
    [InlineData("\"{{ steps }}\"", "null")]
    [InlineData("{\"$js\":\"event.id + 1\"}", "8")]
    [InlineData("{\"$js\":\"({ a: event.tags.map(t => t + '!'), u: undefined })\"}", "{\"a\":[\"a!\",\"b!\"]}")]
    [InlineData("{\"$js\":\"steps\"}", "null")]
    [InlineData("{\"$literal\":{\"$js\":\"{{ x }}\"}}", "{\"$js\":\"{{ x }}\"}")]
    public void CompileValue_EachKind_MakesItsJson(string value, string expected) => _bench.Eval(value, Candidate).ShouldBe(expected);

    [Theory]
    [InlineData("a.json", "{ \"n\": \"{{ event.name }}\", \"in\": { \"$file\": \"b.js\" } }", "{\"n\":\"Zo\\u00EB\",\"in\":7}")]
    [InlineData("a.js", "// a comment\n({ id: event.id })\n", "{\"id\":7}")]
    [InlineData("a.js", "({ id: event.id });\n", "{\"id\":7}")]
    [InlineData("a.js", "{ id: event.id }", "{\"id\":7}")]
    [InlineData("a.js", "const id = event.id;\nif (id > 3) { return { id }; }\nreturn null;\n", "{\"id\":7}")]
    [InlineData("a.scriban", "Dear {{ event.name }},\n{{ for t in event.tags }}{{ t }};{{ end }}\n", "\"Dear Zo\\u00EB,\\na;b;\"")]
    [InlineData("a.scriban", "{{ event.id }}", "\"7\"")]
    public void CompileValue_File_ByEnding(string name, string text, string expected) =>
        _bench.With(name, text).With("b.js", "event.id").Eval($$"""{ "$file": "{{name}}" }""", Candidate).ShouldBe(expected);
}
