using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "")]
    [InlineData("""{"a":1,"b":[1,2]}""", """{"b":[1,3],"a":1}""", "x.b[1]: expected 2, actual 3")]
    [InlineData("""{"a":null}""", """{}""", "x.a: expected null, actual nothing")]
    [InlineData("""{}""", """{"a":null}""", "x.a: expected nothing, actual null")]
    [InlineData("""[1,2,3]""", """[1,3]""", "x[1]: expected 2, actual nothing")]
    [InlineData("""[{"to":"a"},{"to":"b"}]""", """[{"to":"a"},{"to":"new"},{"to":"b"}]""", """x[1]: expected nothing, actual { "to": "new" }""")]
    [InlineData("""[{"to":"a","body":1},{"to":"b"}]""", """[{"to":"a","body":2}]""", """x[0].body: expected 1, actual 2; x[1]: expected { "to": "b" }, actual nothing""")]
    [InlineData("""{"a":[]}""", """{"a":{}}""", "x.a: expected [], actual {}")]
    public void Values_Different_AreNamedWhereTheyDiffer(string expected, string actual, string differences)
    {
        string found = string.Join("; ", JsonDifference.Between("x", JsonNode.Parse(expected), JsonNode.Parse(actual), partial: false));

        found.ShouldBe(differences);
    }

    [Fact]
    public void Values_ComparedInPart_MayHaveMoreMembers()
    {
        JsonDifference.Between("x", JsonNode.Parse("""{"a":{"b":1}}"""), JsonNode.Parse("""{"a":{"b":1,"c":2},"d":3}"""), partial: true).ShouldBeEmpty();
    }

    // RFC 7386, appendix A.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"a":"foo"}""", "null", "null")]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void MergePatch_OfTheStandard_GivesItsResult(string original, string patch, string result)
    {
        JsonNode? merged = MergePatch.Apply(JsonNode.Parse(original), JsonElement.Parse(patch));

        JsonNode.DeepEquals(merged, JsonNode.Parse(result)).ShouldBeTrue(merged?.ToJsonString());
    }

    [Fact]
    public void Layout_LongValue_TakesALinePerMember()
    {
        string text = CaseLayout.Pretty(JsonNode.Parse($$$"""{"a":"{{{new string('x', 110)}}}","é":[1,{"b":2}],"c":{}}"""), 0, 0);

        text.ShouldBe($$"""
            {
              "a": "{{new string('x', 110)}}",
              "é": [1, { "b": 2 }],
              "c": {}
            }
            """);
    }
}
