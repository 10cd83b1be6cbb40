using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Mapping.Scripts;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>An expression that runs without the engine gives what the engine gives, or is left to it.</summary>
public sealed class SimpleScriptTests
{
    private const string Event = """
        {"name":"Phone Screen","empty":"","zero":0,"big":12345678901234567890,"half":0.5,"yes":true,"no":false,"nothing":null,"list":[1],"deep":{"a":{"b":"c"}}}
        """;

    private static readonly HashSet<string> Roots = ["event"];

    [Theory]
    [InlineData("event.name === 'Phone Screen'")]
    [InlineData("event.name !== 'Phone Screen'")]
    [InlineData("event.deep?.a?.b === 'c' && event.yes")]
    [InlineData("event.missing?.a.b.c === 'c'")]
    [InlineData("event.missing == null || event.no")]
    [InlineData("event.nothing != null")]
    [InlineData("event.nothing === null")]
    [InlineData("event.missing?.a ?? 'none'")]
    [InlineData("event.empty || event.zero || 'none'")]
    [InlineData("!event.empty")]
    [InlineData("!event.list")]
    [InlineData("event.zero === 0 ? event.half : null")]
    [InlineData("event.list === 'x'")]
    [InlineData("event.big === 'x'")]
    [InlineData("event.big")]
    [InlineData("event.name.length === 12")]
    [InlineData("event.missing.a")]
    [InlineData("event.missing")]
    [InlineData("event.deep")]
    [InlineData("event.constructor === null")]
    [InlineData("event.yes === true && event.half === 0.5 && event.deep.a.b")]
    public void Expression_WithAndWithoutTheEngine_GivesTheSame(string expression) =>
        // A call makes it too much for the shortcut.
        Result(expression).ShouldBe(Result($"[{expression}].map(v => v)[0]"));

    [Theory]
    [InlineData("event.name === 'Phone Screen'", true)]
    [InlineData("event.deep?.a.b == null", true)]
    [InlineData("event.list[0] === 1", false)]
    [InlineData("event.name.startsWith('P')", false)]
    [InlineData("event.toString === null", false)]
    [InlineData("event.zero == '0'", false)]
    [InlineData("other.name === 'x'", false)]
    public void Expression_OfMembersAndComparisons_IsSimple(string expression, bool isSimple) =>
        (SimpleScript.From(new Acornima.Parser().ParseExpression(expression, strict: true), Roots) is not null).ShouldBe(isSimple);

    private static string Result(string expression)
    {
        try
        {
            return new MappingBench().Eval($$"""{"$js":{{JsonSerializer.Serialize(expression)}}}""", Event);
        }
        catch (MappingException e)
        {
            return e.Diagnostic.Code;
        }
    }
}
