using Aria.Pipelines.Schemas;
using Aria.Pipelines.Schemas.Formats;

namespace Aria.Pipelines.Tests.Schemas;

public sealed class SchemaMessageTests
{
    [Theory]
    [InlineData("""{ "type": "string" }""", "5", " | /type | expected a string, found a number")]
    [InlineData("""{ "type": ["object", "null"] }""", "true", " | /type | expected an object or null, found a boolean")]
    [InlineData("""{ "type": "integer" }""", "1.5", " | /type | expected an integer, found a number with a fraction")]
    [InlineData("""{ "enum": ["pending", "completed", "no_show"] }""", "\"x\"", " | /enum | expected one of: pending, completed, no_show")]
    [InlineData("""{ "enum": [1,2,3,4,5,6,7,8,9,10,11,12,13,14] }""", "0", " | /enum | expected one of: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more")]
    [InlineData("""{ "const": "advance" }""", "\"x\"", " | /const | expected: advance")]
    [InlineData("""{ "minimum": 0 }""", "-1", " | /minimum | expected 0 or more")]
    [InlineData("""{ "maximum": 10.5 }""", "11", " | /maximum | expected 10.5 or less")]
    [InlineData("""{ "exclusiveMinimum": 0 }""", "0", " | /exclusiveMinimum | expected more than 0")]
    [InlineData("""{ "exclusiveMaximum": 1 }""", "1", " | /exclusiveMaximum | expected less than 1")]
    [InlineData("""{ "multipleOf": 0.5 }""", "0.7", " | /multipleOf | expected a multiple of 0.5")]
    [InlineData("""{ "minLength": 3 }""", "\"é\\ud83d\\ude00\"", " | /minLength | expected at least 3 characters, found 2")]
    [InlineData("""{ "maxLength": 1 }""", "\"é😀\"", " | /maxLength | expected at most 1 character, found 2")]
    [InlineData("""{ "minItems": 1 }""", "[]", " | /minItems | expected at least 1 item, found 0")]
    [InlineData("""{ "maxProperties": 1 }""", """{ "a": 1, "b": 2 }""", " | /maxProperties | expected at most 1 property, found 2")]
    [InlineData("""{ "pattern": "^[a-z]+$" }""", "\"X\"", " | /pattern | does not match the pattern '^[a-z]+$'")]
    [InlineData("""{ "format": "email" }""", "\"x\"", " | /format | expected an e-mail address")]
    [InlineData("""{ "format": "date-time" }""", "\"2026-03-15\"", " | /format | expected a date and time with offset, like 2026-03-15T14:30:00Z")]
    [InlineData("""{ "uniqueItems": true }""", "[1, 2, 1.0]", " | /uniqueItems | items 0 and 2 are equal; every item must be different")]
    [InlineData("""{ "contains": { "type": "string" } }""", "[1]", " | /contains | expected at least 1 item that fit 'contains', found 0")]
    [InlineData("""{ "required": ["application_id"] }""", "{}", " | /required | 'application_id' is missing")]
    [InlineData("""{ "dependentRequired": { "a": ["b"] } }""", """{ "a": 1 }""", " | /dependentRequired | 'b' is missing; it is needed because 'a' is given")]
    [InlineData("""{ "properties": { "application_id": {}, "status": {} }, "additionalProperties": false }""", """{ "aplication_id": 1 }""",
        "/aplication_id | /additionalProperties | 'aplication_id' is not known. Did you mean 'application_id'? Known: application_id, status.")]
    [InlineData("""{ "properties": { "a": {} }, "unevaluatedProperties": false }""", """{ "b": 1 }""", "/b | /unevaluatedProperties | 'b' is not known")]
    [InlineData("""{ "propertyNames": { "maxLength": 1 } }""", """{ "bb": 1 }""",
        "/bb | /propertyNames | the property's name is not allowed: expected at most 1 character, found 2")]
    [InlineData("""{ "prefixItems": [true], "items": false }""", "[1, 2]", " | /items | expected at most 1 item, found 2")]
    [InlineData("""{ "not": { "type": "null" } }""", "null", " | /not | fits the schema under 'not', which it must not")]
    [InlineData("""{ "properties": { "a/b": false } }""", """{ "a/b": 1 }""", "/a~1b | /properties/a~1b | nothing is allowed here")]
    [InlineData("""{ "items": { "$ref": "#/$defs/id" }, "$defs": { "id": { "minLength": 1 } } }""", """["a", ""]""", "/1 | /$defs/id/minLength | expected at least 1 character, found 0")]
    public void Validate_OneKeyword_SaysWhereAndWhatIsExpected(string schema, string instance, string expected) =>
        SchemaText.Validate(schema, instance).Lines().ShouldBe([expected]);

    [Fact]
    public void Validate_SeveralProblems_ReportsAll() =>
        SchemaText.Validate(
            """{ "required": ["id"], "properties": { "score": { "type": "number" }, "tags": { "items": { "type": "string" } } }, "additionalProperties": false }""",
            """{ "score": "8", "tags": ["a", 1, null], "x": 1 }""").Lines().ShouldBe(
        [
            " | /required | 'id' is missing",
            "/score | /properties/score/type | expected a number, found a string",
            "/tags/1 | /properties/tags/items/type | expected a string, found a number",
            "/tags/2 | /properties/tags/items/type | expected a string, found null",
            "/x | /additionalProperties | 'x' is not known. Known: score, tags.",
        ]);

    [Fact]
    public void Validate_AnyProblem_NeverSaysTheValue()
    {
        const string Schema = """
            { "properties": {
                "type": { "type": "object" }, "enum": { "enum": ["a"] }, "const": { "const": "a" }, "min": { "minLength": 99 }, "max": { "maxLength": 1 },
                "pattern": { "pattern": "^x$" }, "not": { "not": { "type": "string" } }, "one": { "oneOf": [{ "type": "null" }, { "const": "a" }] },
                "unique": { "uniqueItems": true }, "contains": { "contains": { "type": "null" } }, "never": false,
                "email": { "format": "email" }, "uri": { "format": "uri" }, "uuid": { "format": "uuid" }, "date": { "format": "date" }, "time": { "format": "time" },
                "when": { "format": "date-time" }, "ipv4": { "format": "ipv4" }, "ipv6": { "format": "ipv6" }, "host": { "format": "hostname" } } }
            """;
        string[] names = ["type", "enum", "const", "min", "max", "pattern", "not", "one", "never", "email", "uri", "uuid", "date", "time", "when", "ipv4", "ipv6", "host"];
        string instance = $$"""
            { {{string.Join(", ", names.Select(n => $"\"{n}\": \"Grace Hopper\""))}},
              "unique": ["Grace Hopper", "Grace Hopper"], "contains": ["Grace Hopper"] }
            """;

        string[] lines = SchemaText.Validate(Schema, instance).Lines();

        lines.Length.ShouldBeGreaterThanOrEqualTo(names.Length + 2);
        lines.ShouldAllBe(line => !line.Contains("Grace") && !line.Contains("Hopper"));
    }

    [Fact]
    public void Validate_CustomFormat_IsAskedInsteadOfTheStandardOne()
    {
        var formats = new Dictionary<string, Func<string, string?>>(StandardFormats.All)
        {
            ["email"] = text => text.EndsWith("@aria.test", StringComparison.Ordinal) ? null : "expected an address at aria.test",
        };
        var options = new SchemaOptions { Formats = formats };

        SchemaText.Validate("""{ "format": "email" }""", "\"a@b.example\"", options).Lines().ShouldBe([" | /format | expected an address at aria.test"]);
        SchemaText.Validate("""{ "format": "email" }""", "\"a@aria.test\"", options).ShouldBeEmpty();
        SchemaText.Validate("""{ "format": "shoe-size" }""", "\"a\"", options).ShouldBeEmpty();
    }
}
