using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class HookTokenTests : IDisposable
{
    private const string Strong = "k3F9-qa_0Zr7LmN2pTxV5w";

    private const string Unsigned = """
        {
          "connector": "unsigned", "version": "1.0.0", "contract": 1, "title": "Unsigned",
          "settings": { "hookToken": { "type": "secret", "required": true, "help": "h" } },
          "http": { "baseUrl": "https://unsigned.example" },
          "webhook": { "token": "hookToken", "type": "/type" },
          "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [{ "constructed": "made.json" }] } }
        }
        """;

    private readonly ConnectorRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(Strong, null)]
    [InlineData("k3F9-qa_0Zr7LmN2pTxV5W", "token_invalid")]
    [InlineData("", "token_invalid")]
    [InlineData(null, "token_invalid")]
    public void Delivery_WithAToken_IsAcceptedOnlyWhenItIsTheOne(string? token, string? code)
    {
        _rig.Secrets["hook"] = Strong;

        _rig.Receiver.Receive(Connection(), Made(), token).RejectCode.ShouldBe(code);
    }

    [Theory]
    [InlineData("short", "short", "token_weak")]
    [InlineData("k3F9-qa_0Zr7LmN2pTxV5", "k3F9-qa_0Zr7LmN2pTxV5", "token_weak")]
    [InlineData("", "", "secret_not_found")]
    [InlineData(null, Strong, "secret_not_found")]
    public void Secret_MissingOrTooShortToBeAToken_TheSourceIsNotServedUntilItIsThere(string? secret, string given, string code)
    {
        if (secret is not null)
        {
            _rig.Secrets["hook"] = secret;
        }

        Reception refused = _rig.Receiver.Receive(Connection(), Made(), given);

        (refused.RejectStatus, refused.RejectCode).ShouldBe((503, code));
        refused.Events.ShouldBeEmpty();
        _rig.Secrets["hook"] = Strong;
        _rig.Receiver.Receive(Connection(), Made(), Strong).RejectStatus.ShouldBeNull();
    }

    [Fact]
    public void Definition_OfASourceThatSignsNothing_IsWarnedOf()
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(Folder(), null, new MappingCompiler(), bag).ShouldNotBeNull();

        bag.Items.ShouldHaveSingleItem().ToString().ShouldContain("warning ARIA3016: The source signs nothing: whoever knows the URL can send in its name.");
    }

    [Fact]
    public void Definition_WhoseEventsAreCompletedByReads_IsNotWarnedOf()
    {
        string completed = Unsigned.Replace("\"canonical\": {}", "\"enrich\": [{ \"id\": \"thing\", \"request\": { \"method\": \"GET\", \"path\": \"/things/{{ input.id }}\" }, \"sample\": {} }], \"canonical\": {}", StringComparison.Ordinal);
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new TestFolder(completed).With("made.json", """{ "type": "made", "id": 1 }"""), null, new MappingCompiler(), bag).ShouldNotBeNull();

        bag.Items.ShouldBeEmpty();
    }

    private static TestFolder Folder() => new TestFolder(Unsigned).With("made.json", """{ "type": "made", "id": 1 }""");

    private static Connection Connection() => Plugins.Connect(ConnectorReader.Read(Folder(), null, new MappingCompiler(), new DiagnosticBag())!) with { SecretNames = new Dictionary<string, IReadOnlyList<SecretName>> { ["hookToken"] = [new("hook")] } };

    private static Delivery Made() => new(
        "POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes("""{"type":"made","id":1}"""), DateTimeOffset.UnixEpoch);
}
