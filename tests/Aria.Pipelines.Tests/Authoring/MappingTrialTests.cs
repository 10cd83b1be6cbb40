using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Playground;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Authoring;

public sealed class MappingTrialTests
{
    private const string Event = """{ "candidate": { "name": "Zoë", "email": "Zoe+x@Example.com" } }""";

    [Theory]
    [InlineData("text.scriban", "Dear {{ event.candidate.name }}", "\"Dear Zo\\u00EB\"")]
    [InlineData("value.js", "return { name: event.candidate.name.length };", "{\"name\":3}")]
    [InlineData("value.json", "{ \"same\": \"{{ event.candidate }}\", \"now\": \"{{ now }}\", \"none\": \"{{ lookups }}\" }", "{\"same\":{\"name\":\"Zo\\u00EB\",\"email\":\"Zoe\\u002Bx@Example.com\"},\"now\":\"2026-01-01\",\"none\":null}")]
    public void File_OfEachKind_IsEvaluatedAsAPipelineWould(string name, string text, string expected)
    {
        using var folder = new TemporaryWorkspace();
        folder.Write($"mine/{name}", text);

        (JsonNode? value, IReadOnlyList<string> findings) = Evaluate(new DefinitionFolder(Path.Combine(folder.Folder, "mine"), "mine"), name);

        findings.ShouldBeEmpty();
        value!.ToJsonString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("text.scriban", "Hello\n{{ event.candidate.nam }}", "mine/text.scriban(2,20): error template_error: Member 'nam' does not exist.")]
    [InlineData("value.js", "const a = 1;\nreturn event.candidat.name;", "mine/value.js(2,23): error script_error: ")]
    [InlineData("value.js", "return evnt;", "mine/value.js(1,8): error ARIA5003: 'evnt' is not known here. Did you mean 'event'?")]
    [InlineData("value.json", "{\n  \"a\": \"{{ event.x\" }", "mine/value.json(2,")]
    [InlineData("value.json", "{ \"a\" 1 }", "mine/value.json(1,7): error ARIA1001: The file is not valid JSON.")]
    public void Mistake_InAFile_IsSaidWithItsPlace(string name, string text, string finding)
    {
        using var folder = new TemporaryWorkspace();
        folder.Write($"mine/{name}", text);

        Evaluate(new DefinitionFolder(Path.Combine(folder.Folder, "mine"), "mine"), name).Findings.ShouldHaveSingleItem().ShouldStartWith(finding);
    }

    [Fact]
    public void Expression_TypedAtThePrompt_HasItsOwnColumns()
    {
        Evaluate(new InlineFile("event.candidate.email"), InlineFile.Name).Value!.GetValue<string>().ShouldBe("Zoe+x@Example.com");
        Evaluate(new InlineFile("event.candidat.name"), InlineFile.Name).Findings.ShouldHaveSingleItem().ShouldStartWith("--expression(1,16): error script_error: ");
    }

    private static (JsonNode? Value, IReadOnlyList<string> Findings) Evaluate(IDefinitionFiles files, string name)
    {
        var bag = new DiagnosticBag();
        var values = new Dictionary<string, JsonElement> { ["event"] = JsonElement.Parse(Event), ["now"] = JsonElement.Parse("\"2026-01-01\"") };
        JsonNode? value = MappingTrial.Evaluate(files, name, values, bag);
        return (value, [.. bag.Items.Select(f => f.ToString())]);
    }
}
