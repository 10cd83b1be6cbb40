using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>What a connector declares as impossible, and where its results land.</summary>
public sealed class LimitationTests
{
    private const string Good = """
        {
          "connector": "test", "version": "1.0.0", "contract": 1, "title": "Test", "http": { "baseUrl": "https://a.example" },
          "operations": { "a.write": { "effect": "idempotent", "input": { "properties": { "score": {}, "link": {} } }, "request": { "method": "PUT", "path": "/a" }, "output": {}, "sample": {},
            "landsIn": { "score": ["field", "note"], "link": "nowhere" } } },
          "cannot": {
            "a.move": { "because": "It does not move.", "instead": "a.write" }
          }
        }
        """;

    [Fact]
    public void Read_Declared_IsKnownByName()
    {
        (Connector? connector, string[] findings) = Read(Good);

        findings.ShouldBeEmpty();
        connector!.Limitations["a.move"].ShouldBe(new Limitation("It does not move.", "a.write"));
        connector.Operations["a.write"].Destinations.Select(d => $"{d.Key}: {string.Join('+', d.Value)}").ShouldBe(["score: field+note", "link: nowhere"]);
    }

    [Theory]
    [InlineData("\"a.move\": {", "\"a.write\": {", "(6,5): error ARIA3013: The connector offers 'a.write' and says that it cannot. Remove it here, or where it is offered.")]
    [InlineData("\"a.move\": {", "\"move\": {", "(6,5): error ARIA3002: 'move' is not a name for an event or operation. Write a noun and a verb in lower case, joined by a dot: application.stage_changed, note.add.")]
    [InlineData("\"instead\": \"a.write\"", "\"instead\": \"a.wrote\"", "(6,60): error ARIA3013: This connector has no event or operation 'a.wrote' to use instead. Did you mean 'a.write'? Known: a.write.")]
    [InlineData("\"because\": \"It does not move.\", ", "", "(6,15): error ARIA1004: Property 'because' is missing. Add \"because\" to this object.")]
    [InlineData("\"instead\"", "\"fallback\"", "(6,49): error ARIA1003: Property 'fallback' is not known here. Known: because, instead.")]
    [InlineData("\"nowhere\"", "\"drawer\"", "(4,54): error ARIA1006: 'drawer' is not allowed here. Known: field, note, tag, form, stage, assessment, link, file, nowhere.")]
    [InlineData("\"link\": \"nowhere\"", "\"lnk\": \"nowhere\"", "(4,46): error ARIA3013: The operation has no input 'lnk' that could land anywhere. Did you mean 'link'? Known: score, link.")]
    public void Read_OneMistake_OneFinding(string from, string to, string expected)
    {
        Good.ShouldContain(from);

        Read(Good.Replace(from, to, StringComparison.Ordinal)).Findings.ShouldHaveSingleItem().ShouldEndWith(expected);
    }

    private static (Connector? Connector, string[] Findings) Read(string json)
    {
        var bag = new DiagnosticBag();
        Connector? connector = ConnectorReader.Read(new TestFolder(json), null, new MappingCompiler(), bag);
        return (connector, [.. bag.Items.Select(f => f.ToString())]);
    }
}
