using System.Text.Json;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

public sealed class SchemaCompilerTests
{
    [Theory]
    [InlineData("""{ "properties": { "a": { "type": "strin" } } }""", "/properties/a/type", "expected one of: array, boolean, integer, null, number, object, string")]
    [InlineData("""{ "minLength": -1 }""", "/minLength", "expected 0 or more")]
    [InlineData("""{ "required": "a" }""", "/required", "expected an array, found a string")]
    [InlineData("""{ "items": 5 }""", "/items", "expected an object or a boolean, found a number")]
    [InlineData("5", "", "expected an object or a boolean, found a number")]
    [InlineData("""{ "pattern": "[a" }""", "/pattern", "'[a' is not a valid regular expression: a '[' has no ']'")]
    [InlineData("""{ "pattern": "a)" }""", "/pattern", "'a)' is not a valid regular expression: insufficient opening parentheses")]
    [InlineData("""{ "patternProperties": { "\\Z": true } }""", "/patternProperties", "'\\Z' is not a valid regular expression: '\\Z' is not part of ECMA regular expressions")]
    [InlineData("""{ "items": { "$ref": "#/$defs/a" } }""", "/items/$ref", "'#/$defs/a' leads nowhere: there is no schema at '/$defs/a' in this schema")]
    [InlineData("""{ "$ref": "#a" }""", "/$ref", "'#a' leads nowhere: there is no schema at 'a' in this schema")]
    [InlineData("""{ "$ref": "https://example.com/a" }""", "/$ref",
        "'https://example.com/a' leads to 'https://example.com/a', which is not registered. Schemas are never fetched; register the document, or correct the reference")]
    [InlineData("""{ "$schema": "http://json-schema.org/draft-07/schema#" }""", "/$schema",
        "'http://json-schema.org/draft-07/schema' is neither draft 2020-12 ('https://json-schema.org/draft/2020-12/schema') nor a registered document")]
    [InlineData("""{ "allOf": [{ "$anchor": "a" }, { "$anchor": "a" }] }""", "/allOf/0/$anchor", "The anchor 'a' is used twice")]
    [InlineData("""{ "allOf": [{ "$id": "x:a" }, { "$id": "x:a" }] }""", "/allOf/0/$id", "'$id' 'x:a' is used twice")]
    [InlineData("""{ "$ref": "#/examples/0", "examples": [{ "type": 1 }] }""", "/examples/0/type", "fits none of the 2 alternatives; closest is alternative 1")]
    public void TryCompile_InvalidSchema_FindsThePlaceAndTheReason(string schema, string place, string message)
    {
        SchemaCompiler.TryCompile(SchemaText.Json(schema), out ISchema? compiled, out IReadOnlyList<SchemaFinding> findings).ShouldBeFalse();

        compiled.ShouldBeNull();
        findings.ShouldContain(f => f.InstancePointer == place && f.SchemaPointer == place && f.Message == message, string.Join('\n', findings.Lines()));
    }

    [Fact]
    public void TryCompile_SeveralMistakes_ReportsAll()
    {
        SchemaCompiler.TryCompile(
            SchemaText.Json("""{ "allOf": [{ "$ref": "#/a" }, { "pattern": "(" }] }"""), out _, out IReadOnlyList<SchemaFinding> findings);

        findings.Select(f => f.InstancePointer).ShouldBe(["/allOf/0/$ref", "/allOf/1/pattern"]);
    }

    [Fact]
    public void Compile_InvalidSchema_ThrowsWithEveryFinding() =>
        Should.Throw<ArgumentException>(() => SchemaCompiler.Compile(SchemaText.Json("""{ "minItems": "1", "title": 5 }"""))).Message.ShouldStartWith(
            "The schema is not valid. /minItems: expected an integer, found a string; /title: expected a string, found a number");

    [Fact]
    public void Compile_DocumentDisposedAfterwards_StillValidates()
    {
        ISchema schema;
        using (var document = JsonDocument.Parse("""{ "enum": ["a"] }"""))
        {
            schema = SchemaCompiler.Compile(document.RootElement);
        }

        schema.Validate(SchemaText.Json("\"b\"")).Lines().ShouldBe([" | /enum | expected: a"]);
    }

    [Fact]
    public void Compile_ReferenceToRegisteredDocument_LocatesFindingsInIt()
    {
        var options = new SchemaOptions
        {
            Documents = new Dictionary<string, JsonElement> { ["https://aria.test/candidate"] = SchemaText.Json("""{ "$defs": { "email": { "format": "email" } } }""") },
        };

        SchemaText.Validate("""{ "properties": { "to": { "$ref": "https://aria.test/candidate#/$defs/email" } } }""", """{ "to": "x" }""", options).Lines()
            .ShouldBe(["/to | https://aria.test/candidate#/$defs/email/format | expected an e-mail address"]);
    }

    [Fact]
    public void Compile_RelativeReference_IsResolvedAgainstTheBase()
    {
        var options = new SchemaOptions
        {
            BaseUri = "https://aria.test/schemas/invite.json",
            Documents = new Dictionary<string, JsonElement> { ["https://aria.test/schemas/id.json"] = SchemaText.Json("""{ "type": "string" }""") },
        };

        SchemaText.Validate("""{ "$ref": "id.json" }""", "1", options).Lines().ShouldBe([" | https://aria.test/schemas/id.json#/type | expected a string, found a number"]);
    }

    [Fact]
    public void Compile_RegisteredDocumentIsInvalid_SaysSoInIt()
    {
        var options = new SchemaOptions { Documents = new Dictionary<string, JsonElement> { ["https://aria.test/a"] = SchemaText.Json("""{ "type": 1 }""") } };

        SchemaCompiler.TryCompile(SchemaText.Json("""{ "$ref": "https://aria.test/a" }"""), out _, out IReadOnlyList<SchemaFinding> findings, options).ShouldBeFalse();

        findings[0].InstancePointer.ShouldBe("https://aria.test/a#/type");
    }

    [Fact]
    public void Compile_DeepSchema_FitsTheStack()
    {
        string text = $"{string.Concat(Enumerable.Repeat("{\"items\":", 60))}true{new string('}', 60)}";

        SchemaCompiler.TryCompile(SchemaText.Json(text), out _, out IReadOnlyList<SchemaFinding> findings).ShouldBeTrue(string.Join('\n', findings.Lines()));
    }
}
