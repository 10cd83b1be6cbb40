using System.Text.Json;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

public sealed class EvaluationLimitTests
{
    [Fact]
    public void Validate_SchemaRefersToItself_EndsWithAFindingOnASmallStack()
    {
        ISchema schema = SchemaCompiler.Compile(SchemaText.Json(
            """{ "$id": "x:a", "anyOf": [{ "oneOf": [{ "if": { "allOf": [{ "$ref": "#" }], "unevaluatedProperties": false } }] }] }"""));
        IReadOnlyList<SchemaFinding> findings = [];

        var thread = new Thread(() => findings = schema.Validate(SchemaText.Json("{}")), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        findings.ShouldHaveSingleItem().Message.ShouldBe("limit.depth: the schema was entered more than 256 levels deep; it may refer to itself");
    }

    [Fact]
    public void Validate_DepthReachedInsideNot_IsNotAPass() =>
        SchemaText.Validate("""{ "not": { "$ref": "#" } }""", "1").ShouldHaveSingleItem().Message.ShouldStartWith("limit.depth:");

    [Fact]
    public void Validate_ExponentialSchema_StopsAtTheStepBudget()
    {
        string levels = string.Join(", ", Enumerable.Range(0, 40).Select(
            i => $$"""
                   "l{{i}}": { "allOf": [{ "$ref": "#/$defs/l{{i + 1}}" }, { "$ref": "#/$defs/l{{i + 1}}" }] }
                   """));

        SchemaText.Validate($$"""{ "$ref": "#/$defs/l0", "$defs": { {{levels}}, "l40": { "minimum": 0 } } }""", "1").ShouldHaveSingleItem()
            .Message.ShouldBe("limit.steps: the validation took more than 1000000 steps; the value is too large for this schema");
    }

    [Fact]
    public void Validate_SlowPattern_StopsAtItsTimeLimit() =>
        SchemaText.Validate(
            """{ "pattern": "^(?=(a+)+$)b" }""", $"\"{new string('a', 40)}!\"", new SchemaOptions { PatternTimeout = TimeSpan.FromMilliseconds(20) }).Lines().ShouldBe(
            [" | /pattern | limit.pattern: a match took more than 20 ms; simplify the pattern or limit the length first"]);

    [Fact]
    public void Validate_BacktrackingTrapWithoutLookaround_IsLinear() =>
        SchemaText.Validate("""{ "pattern": "^(a+)+$" }""", $"\"{new string('a', 40)}!\"").Lines().ShouldBe([" | /pattern | does not match the pattern '^(a+)+$'"]);

    [Fact]
    public void Validate_ClockRunsOut_StopsWithTheTimeLimit()
    {
        var options = new SchemaOptions { Clock = new HastyClock(), TimeLimit = TimeSpan.FromSeconds(2) };

        SchemaText.Validate("""{ "items": { "pattern": "^a" } }""", """["a", "a", "a", "a"]""", options).ShouldHaveSingleItem()
            .Message.ShouldBe("limit.time: the validation took more than 2000 ms");
    }

    [Fact]
    public void Validate_ManyFindings_StopsAtAHundred() =>
        SchemaText.Validate("""{ "items": { "type": "string" } }""", $"[{string.Join(',', Enumerable.Range(0, 1000))}]").Count.ShouldBe(100);

    [Theory]
    [InlineData("""{ "properties": { "a": { "pattern": "x" } } }""", """{ "a": "\ud800" }""", "/a")]
    [InlineData("""{ "items": { "enum": ["é", "b"] } }""", """["b", "\udc00"]""", "/1")]
    [InlineData("""{ "minLength": 1 }""", """
        "\ud800"
        """, "")]
    [InlineData("""{ "properties": { "a": true } }""", """{ "\ud800": 1 }""", "")]
    public void Validate_HalfASurrogatePair_IsAFinding(string schema, string instance, string place) =>
        SchemaText.Validate(schema, instance).ShouldContain(new SchemaFinding(place, "", "Holds text that is not valid Unicode (half of a surrogate pair)"));

    [Fact]
    public void Validate_FromManyThreads_GivesTheSameAnswers()
    {
        ISchema schema = SchemaCompiler.Compile(SchemaText.Json(
            """{ "properties": { "a": { "$dynamicRef": "#n" } }, "$dynamicAnchor": "n", "patternProperties": { "^b": { "type": "string" } }, "unevaluatedProperties": false }"""));
        JsonElement good = SchemaText.Json("""{ "a": { "a": { "bc": "x" } } }""");
        JsonElement bad = SchemaText.Json("""{ "a": { "a": { "bc": 1, "d": 1 } } }""");

        Parallel.For(0, 2000, _ =>
        {
            schema.Validate(good).ShouldBeEmpty();
            schema.Validate(bad).Count.ShouldBe(2);
        });
    }

    /// <summary>A second passes whenever somebody looks.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _ticks);
    }
}
