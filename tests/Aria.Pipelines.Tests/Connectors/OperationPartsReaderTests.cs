using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class OperationPartsReaderTests
{
    private const string Good = """
        {
          "connector": "test", "version": "1.0.0", "contract": 1, "title": "Test", "settings": {}, "http": { "baseUrl": "https://a.example" },
          "operations": {
            "a.both": { "input": {},
              "parts": [{ "id": "first", "operation": "a.set", "with": {} }, { "id": "then", "when": "input.more", "operation": "a.add", "with": {} }],
              "output": {}, "sample": {}, "scopes": ["c"] },
            "a.set": { "effect": "idempotent", "input": {}, "request": { "method": "PUT", "path": "/a" }, "output": {}, "sample": {}, "scopes": ["a"] },
            "a.add": { "effect": "unsafe", "input": {}, "request": { "method": "POST", "path": "/a" }, "output": {}, "sample": {}, "scopes": ["a", "b"] }
          }
        }
        """;

    [Fact]
    public void Read_Parts_HaveTheClassAndScopesOfTheirOperations()
    {
        Connector connector = Plugins.Read(new TestFolder(Good));

        ConnectorOperation both = connector.Operations["a.both"];
        both.Parts.Select(p => (p.Id, p.Operation.Name, p.PathIn("write"))).ShouldBe([("first", "a.set", "write/first"), ("then", "a.add", "write/then")]);
        (both.Effect, both.EffectFor(Plugins.Connect(connector, "{}"))).ShouldBe((EffectClass.Unsafe, EffectClass.Unsafe));
        both.Scopes.ShouldBe(["a", "b", "c"]);
        connector.Operations.Keys.ShouldBe(["a.both", "a.set", "a.add"], "the order of the file");
    }

    [Theory]
    [InlineData("\"a.both\": { ", "\"a.both\": { \"effect\": \"unsafe\", ",
        "(4,17): error ARIA3013: Operation 'a.both' consists of parts, each of which has this for itself. Write it in the operation that the part names.")]
    [InlineData("\"a.both\": { ", "\"a.both\": { \"request\": { \"method\": \"PUT\", \"path\": \"/a\" }, ",
        "(4,17): error ARIA3013: Operation 'a.both' consists of parts, each of which has this for itself. Write it in the operation that the part names.")]
    [InlineData("\"operation\": \"a.add\"", "\"operation\": \"a.ad\"", "(5,121): error ARIA3013: This connector has no operation of one request 'a.ad' to be a part. Did you mean 'a.add'? Known: a.set, a.add.")]
    [InlineData("\"operation\": \"a.add\"", "\"operation\": \"a.both\"", "(5,121): error ARIA3013: This connector has no operation of one request 'a.both' to be a part. Known: a.set, a.add.")]
    [InlineData("\"id\": \"then\"", "\"id\": \"first\"", "(5,78): error ARIA3002: Part 'first' appears twice. The id is part of the identity of its effect.")]
    [InlineData("\"id\": \"then\"", "\"id\": \"onFailure\"", "(5,78): error ARIA3002: 'onFailure' is not a name for a part. Use snake_case letters and digits, beginning with a letter.")]
    [InlineData("\"a.set\", \"with\": {}", "\"a.set\"", "(5,17): error ARIA1004: Property 'with' is missing. Add \"with\" to this object.")]
    [InlineData("\"effect\": \"idempotent\", ", "", "(7,14): error ARIA1004: Property 'effect' is missing. Add \"effect\" to this object.")]
    public void Read_OneMistake_OneFindingWithItsFix(string from, string to, string expected)
    {
        Good.ShouldContain(from);

        Findings(Good.Replace(from, to, StringComparison.Ordinal)).ShouldBe([expected]);
    }

    [Fact]
    public void Read_NoParts_SaysThatNothingIsSent() =>
        Findings(Good.Replace("\"parts\": [{ \"id\": \"first\", \"operation\": \"a.set\", \"with\": {} }, { \"id\": \"then\", \"when\": \"input.more\", \"operation\": \"a.add\", \"with\": {} }]", "\"parts\": []", StringComparison.Ordinal))
            .ShouldBe(["(5,16): error ARIA3013: Operation 'a.both' sends nothing. Name at least one operation in 'parts'."]);

    private static string[] Findings(string connector)
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new TestFolder(connector), null, new MappingCompiler(), bag);
        return [.. bag.Items.Select(d => d.ToString().Replace("plugins/Test/connector.json", "", StringComparison.Ordinal))];
    }
}
