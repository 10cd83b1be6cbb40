namespace Aria.Pipelines.Tests.Schemas;

public sealed class ClosestBranchTests
{
    private const string Tagged = """
        { "oneOf": [
            { "title": "completed", "properties": { "kind": { "const": "completed" }, "score": { "type": "number" }, "at": {} }, "required": ["kind", "score", "at"] },
            { "title": "no-show", "properties": { "kind": { "const": "no_show" } }, "required": ["kind"] }] }
        """;

    [Fact]
    public void OneOf_TagMatchesABranchWithMoreFindings_ReportsThatBranch() =>
        SchemaText.Validate(Tagged, """{ "kind": "completed", "score": "8" }""").Lines().ShouldBe(
        [
            " | /oneOf | fits none of the 2 alternatives; closest is 'completed'",
            " | /oneOf/0/required | 'at' is missing",
            "/score | /oneOf/0/properties/score/type | expected a number, found a string",
        ]);

    [Fact]
    public void AnyOf_BranchOfAnotherKind_IsNotTheClosest() =>
        SchemaText.Validate(
            """{ "anyOf": [{ "type": "null" }, { "type": "object", "required": ["a", "b"] }] }""", "{}").Lines().ShouldBe(
        [
            " | /anyOf | fits none of the 2 alternatives; closest is alternative 2",
            " | /anyOf/1/required | 'a' is missing",
            " | /anyOf/1/required | 'b' is missing",
        ]);

    [Fact]
    public void AnyOf_EqualCounts_ReportsTheDeepest() =>
        SchemaText.Validate(
            """{ "anyOf": [{ "required": ["z"] }, { "properties": { "a": { "properties": { "b": { "type": "string" } } } } }] }""",
            """{ "a": { "b": 1 } }""").Lines()[1].ShouldBe("/a/b | /anyOf/1/properties/a/properties/b/type | expected a string, found a number");

    [Fact]
    public void OneOf_TwoBranchesFit_NamesBoth() =>
        SchemaText.Validate("""{ "oneOf": [{ "minimum": 0 }, false, { "maximum": 9 }] }""", "5").Lines().ShouldBe(
            [" | /oneOf | fits both alternative 1 and alternative 3; exactly one alternative must fit"]);

    [Fact]
    public void AnyOf_OneBranch_NeedsNoLead() =>
        SchemaText.Validate("""{ "anyOf": [{ "type": "null" }] }""", "5").Lines().ShouldBe([" | /anyOf/0/type | expected null, found a number"]);

    [Fact]
    public void UnevaluatedProperties_ABranchFails_ReportsOnlyTrulyUnknownProperties() =>
        SchemaText.Validate(
            """
            { "allOf": [{ "properties": { "a": { "type": "string" } } }], "oneOf": [{ "properties": { "b": { "const": 1 } } }, { "required": ["c"] }],
              "unevaluatedProperties": false }
            """,
            """{ "a": 1, "b": 1, "d": 1 }""").Lines().ShouldBe(
        [
            "/a | /allOf/0/properties/a/type | expected a string, found a number",
            "/d | /unevaluatedProperties | 'd' is not known",
        ]);
}
