using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>A running host whose secrets end or are missing.</summary>
public sealed class SecretEndTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hook_OldSecretComesToItsEnd_401AfterItAndTheNewOneStays()
    {
        string end = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
        await using Loop loop = await Loop.StartAsync(prepare: w => w.Overlay(environment => environment["connections"]!["greenhouse"]!["settings"]!["webhookSecret"] =
            new JsonArray("${secret:greenhouse-client-secret}", new JsonObject { ["secret"] = "${secret:greenhouse-webhook}", ["notAfter"] = end })));
        (await loop.DeliverAsync("""{"action":"ping","n":1}"""u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.OK);

        loop.Pass(TimeSpan.FromHours(2));

        HttpResponseMessage refused = await loop.DeliverAsync("""{"action":"ping","n":2}"""u8.ToArray());
        (refused.StatusCode, (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Stop))!["code"]).ShouldBe((HttpStatusCode.Unauthorized, "signature_invalid"));
        (await loop.DeliverAsync("""{"action":"ping","n":3}"""u8.ToArray(), "greenhouse-sandbox-secret")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Hook_SecretIsNotFound_OperatorsSeeItsNameInTheAuditList()
    {
        await using Loop loop = await Loop.StartAsync(operated: true, prepare: w => File.WriteAllText(Path.Combine(w.Folder, "connections/spare.json"), """
            { "connector": "greenhouse", "settings": { "clientId": "${secret:greenhouse-client-id}", "clientSecret": "${secret:greenhouse-client-secret}", "webhookSecret": "${secret:spare-webhook}" } }
            """));
        byte[] body = """{"action":"ping"}"""u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(loop.Address, "/hooks/spare")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Signature", "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(GreenhouseDemo.HookSecret), body)));

        (await loop.Http.SendAsync(request, Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        string said = await Eventually.GetAsync(async () => await loop.SaysAsync("audit", "list") is (0, var text) && text.Contains("secret.not_found", StringComparison.Ordinal) ? text : null, "the missing secret is listed");
        said.ShouldContain("""secret.not_found {"connection":"spare","setting":"webhookSecret","secret":"spare-webhook"}""");
    }
}
