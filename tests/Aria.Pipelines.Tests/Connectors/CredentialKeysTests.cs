using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Keys that do not change, in every place where systems want them; nothing of them is stored.</summary>
public sealed class CredentialKeysTests
{
    [Fact]
    public async Task Keys_SeveralHeadersOneWithAPrefix_SentAndNotStored()
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        Connection connection = wire.Connect("""
            "auth": { "keys": { "headers": { "x-api": "{{ settings.apiKey }}", "Authorization": "Token token={{ settings.clientSecret }}", "X-Partner": null } } }
            """);
        (await wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        SeenRequest seen = wire.Server.Requests.ShouldHaveSingleItem();
        (seen.Headers["x-api"].ToString(), seen.Authorization, seen.Headers.ContainsKey("X-Partner")).ShouldBe(("key-1", "Token token=very-secret-value", false));
        wire.Stored.ShouldNotContain("key-1\"");
        wire.Stored.ShouldNotContain("very-secret-value");
    }

    [Theory]
    [InlineData("""{ "method": "GET", "path": "/thing", "query": { "page": "2" } }""", "GET /thing?page=2&apikey=key-1", "")]
    [InlineData("""{ "method": "POST", "path": "/thing", "body": { "text": "hi" } }""", "POST /thing?apikey=key-1", """{"text":"hi","apikey":"key-1"}""")]
    [InlineData("""{ "method": "POST", "path": "/thing", "body": {} }""", "POST /thing?apikey=key-1", """{"apikey":"key-1"}""")]
    [InlineData("""{ "method": "POST", "path": "/thing", "form": { "a": "b&c" } }""", "POST /thing?apikey=key-1", "a=b%26c&apikey=key-1")]
    [InlineData("""{ "method": "POST", "path": "/thing", "body": ["a"] }""", "POST /thing?apikey=key-1", """["a"]""")]
    public async Task Keys_InQueryAndBody_OnlyWhereThereIsABody(string request, string line, string body)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        Connection connection = wire.Connect("""
            "auth": { "keys": { "query": { "apikey": "{{ settings.apiKey }}" }, "body": { "apikey": "{{ settings.apiKey }}" } } }
            """, request);
        (await wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        wire.Server.Lines.ShouldBe([line]);
        wire.Server.Requests.Single().Body.ShouldBe(body);
        wire.Stored.ShouldNotContain("apikey");
    }

    [Fact]
    public async Task Basic_KeyWithAnEmptyPassword_IsSentSo()
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        await wire.DoAsync(wire.Connect(""" "auth": { "basic": { "user": "{{ settings.apiKey }}", "password": "" } } """));
        wire.Server.Requests.Single().Authorization.ShouldBe("Basic " + Convert.ToBase64String("key-1:"u8));
    }

    [Fact]
    public async Task Keys_NoneGiven_OperatorIsToldAndNothingIsSent()
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        wire.Rig.Secrets.Remove("apiKey");
        OperationAnswer answer = await wire.DoAsync(wire.Connect(""" "auth": { "keys": { "headers": { "x-api": "{{ settings.apiKey }}" } } } """));
        answer.Code.ShouldBe("secret_not_found");
        wire.Server.Requests.ShouldBeEmpty();
    }
}
