using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;
using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>The webhook endpoint on a real socket, one row of the list of bad inputs after the other.</summary>
public sealed class WebhookEndpointTests
{
    private const int Limit = 1024 * 1024;

    // Greenhouse sends a ping when its webhook is made.
    private const long Ping = 1;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hook_TransportThatIsNotSupported_ProblemWithACodeAndNothingStored()
    {
        await using Loop loop = await Loop.StartAsync();

        (await RefusalAsync(await PostAsync(loop, new byte[Limit + 1]))).ShouldBe((413, "payload_too_large"));
        (await RefusalAsync(await PostAsync(loop, new byte[Limit + 1], chunked: true))).ShouldBe((413, "payload_too_large"));
        (await RefusalAsync(await PostAsync(loop, "{}"u8.ToArray(), encoding: "zstd"))).ShouldBe((415, "unsupported_encoding"));
        (await RefusalAsync(await PostAsync(loop, "{}"u8.ToArray(), encoding: "gzip, gzip"))).ShouldBe((415, "unsupported_encoding"));
        (await RefusalAsync(await PostAsync(loop, "{}"u8.ToArray(), type: "text/plain"))).ShouldBe((415, "unsupported_media_type"));
        (await RefusalAsync(await PostAsync(loop, "{}"u8.ToArray(), type: "application/json; charset=utf-16"))).ShouldBe((415, "unsupported_media_type"));
        (await RefusalAsync(await PostAsync(loop, "{}"u8.ToArray(), type: null))).ShouldBe((415, "unsupported_media_type"));
        (await RefusalAsync(await PostAsync(loop, "{}"u8.ToArray(), path: "/hooks/..%2f..%2fetc"))).ShouldBe((404, "unknown_source"));

        (await EventsAsync(loop)).ShouldBe(0);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("application/vnd.greenhouse+json")]
    public async Task Hook_JsonInUtf8HoweverItIsCalled_Accepted(string type)
    {
        await using Loop loop = await Loop.StartAsync();

        (await PostAsync(loop, """{"action":"ping"}"""u8.ToArray(), type: type)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    public async Task Hook_OtherMethod_IsToldThatDeliveriesArePosted(string method)
    {
        await using Loop loop = await Loop.StartAsync();

        HttpResponseMessage answer = await loop.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(loop.Address, "/hooks/greenhouse")), Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task Hook_UnknownSource_IsAnsweredInTheFormOfAProblem()
    {
        await using Loop loop = await Loop.StartAsync();

        HttpResponseMessage answer = await PostAsync(loop, "{}"u8.ToArray(), path: "/hooks/nobody");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonObject problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!.AsObject();
        problem.Select(p => p.Key).ShouldBe(["type", "title", "status", "code", "traceId"]);
        ((int)problem["status"]!, (string)problem["title"]!).ShouldBe((404, "There is no such source."));
    }

    [Fact]
    public async Task Hook_NotAuthentic_RefusedAndNothingStored()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = """{"action":"ping"}"""u8.ToArray();
        string good = Signature(body, GreenhouseDemo.HookSecret);

        (await RefusalAsync(await PostAsync(loop, body, signatures: []))).ShouldBe((401, "signature_missing"));
        (await TwoSignaturesAsync(loop, body, good)).ShouldStartWith("HTTP/1.1 400 ");
        string[] bad =
        [
            Signature(body, "another"), Signature([.. body, (byte)' '], GreenhouseDemo.HookSecret), good[..^1], good + "0", good.Replace("sha256 ", "sha1 ", StringComparison.Ordinal),
            good.Replace("sha256 ", "", StringComparison.Ordinal), "sha256 zz" + good[9..], "sha256 ", "v0=" + good, good.Insert(20, " "), string.Join(' ', Enumerable.Repeat(good, 200)),
        ];
        foreach (string signature in bad)
        {
            (await RefusalAsync(await PostAsync(loop, body, signatures: [signature]))).ShouldBe((401, "signature_invalid"), signature);
        }
        (await RefusalAsync(await PostAsync(loop, body, signatures: [string.Join(' ', Enumerable.Repeat(good, 10_000))]))).Status.ShouldBe(431);

        (await EventsAsync(loop)).ShouldBe(0);
    }

    [Fact]
    public async Task Hook_SecretIsBeingRotated_OldAndNewAreGoodAndAThirdIsNot()
    {
        await using Loop loop = await Loop.StartAsync(prepare: w => w.Overlay(environment => environment["connections"]!["greenhouse"]!["settings"]!["webhookSecret"] =
            new JsonArray("${secret:greenhouse-client-secret}", "${secret:greenhouse-webhook}")));

        (await loop.DeliverAsync("""{"action":"ping","n":1}"""u8.ToArray(), "greenhouse-sandbox-secret")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await loop.DeliverAsync("""{"action":"ping","n":2}"""u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await loop.DeliverAsync("""{"action":"ping","n":3}"""u8.ToArray(), "aria-demo-hook")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"action":"ping","payload":{}}""")]
    [InlineData("""{"action":"something_new","payload":{"a":1}}""")]
    [InlineData("{}")]
    public async Task Hook_PingOrUnknownAction_IsExactly200(string body)
    {
        await using Loop loop = await Loop.StartAsync();

        HttpResponseMessage answer = await loop.DeliverAsync(Encoding.UTF8.GetBytes(body));

        ((int)answer.StatusCode, await StatusAsync(answer)).ShouldBe((200, "accepted"));
        (await loop.Store.CountAsync(Stop)).Events["unmatched"].ShouldBe(Ping + 1);
    }

    [Fact]
    public async Task Hook_SameBodyUnderAnotherEventId_IsTheSameEvent()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = """{"action":"ping","payload":{}}"""u8.ToArray();

        HttpResponseMessage first = await PostAsync(loop, body, id: "evt-1");
        HttpResponseMessage second = await PostAsync(loop, body, id: "evt-2");

        (await StatusAsync(first), await StatusAsync(second)).ShouldBe(("accepted", "duplicate"));
        JsonNode one = JsonNode.Parse(await first.Content.ReadAsStringAsync(Stop))!;
        JsonNode again = JsonNode.Parse(await second.Content.ReadAsStringAsync(Stop))!;
        again["events"]!.ToJsonString().ShouldBe(one["events"]!.ToJsonString());
        ((string?)again["id"]).ShouldBe((string?)one["events"]![0]);
        (await EventsAsync(loop), (await loop.Store.CountAsync(Stop)).DuplicateDeliveries).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Hook_HundredAtOnce_OneEventAndHundredTimes200()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = """{"action":"ping","payload":{}}"""u8.ToArray();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => loop.DeliverAsync(body)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        (await EventsAsync(loop), (await loop.Store.CountAsync(Stop)).DuplicateDeliveries).ShouldBe((1, 99));
    }

    [Fact]
    public async Task Hook_SignedButUndecodable_KeptAsQuarantinedAndAnswered200()
    {
        await using Loop loop = await Loop.StartAsync();
        string[] bodies =
        [
            "", "null", "[]", "\"x\"", "{} x", new string('[', 65) + new string(']', 65), new string('[', 100_000), """{"a":1,"a":2}""", """{"a":"\ud800"}""",
            "[" + string.Join(',', Enumerable.Repeat("1", 500_000)) + "]",
        ];
        foreach (string body in bodies)
        {
            HttpResponseMessage answer = await loop.DeliverAsync(Encoding.UTF8.GetBytes(body));
            ((int)answer.StatusCode, await StatusAsync(answer)).ShouldBe((200, "quarantined"), body[..Math.Min(20, body.Length)]);
        }
        HttpResponseMessage unreadable = await loop.DeliverAsync([.. "{\"a\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        JsonNode told = JsonNode.Parse(await unreadable.Content.ReadAsStringAsync(Stop))!;
        ((string?)told["code"], (string?)told["id"]).ShouldBe(("invalid_unicode", (string?)told["events"]![0]));

        (await loop.Store.CountAsync(Stop)).Events["quarantined"].ShouldBe(bodies.Length + 1);
        (await loop.Store.CountAsync(Stop)).Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hook_StrangeButGoodJson_Accepted()
    {
        await using Loop loop = await Loop.StartAsync();
        string[] bodies =
        [
            "\uFEFF{\"action\":\"ping\"}", """{"action":"ping","n":1e400}""", """{"action":"ping","n":12345678901234567890123}""",
            """{"__proto__":{"polluted":1},"constructor":{},"action":"ping"}""", $$"""{"action":"ping","text":"{{new string('x', 900_000)}}"}""",
        ];
        foreach (string body in bodies)
        {
            (await StatusAsync(await loop.DeliverAsync(Encoding.UTF8.GetBytes(body)))).ShouldBe("accepted", body[..Math.Min(20, body.Length)]);
        }
    }

    [Fact]
    public async Task Hook_TemplateInACandidatesName_IsCopiedAndNeverRun()
    {
        await using Loop loop = await Loop.StartAsync();

        loop.ReachPhoneScreen("{{ 7*7 }}", "${7*7} <%= 7*7 %>");

        (await loop.InvitedAsync()).Name.ShouldBe("{{ 7*7 }} ${7*7} <%= 7*7 %>");
    }

    [Fact]
    public async Task Hook_SenderGoesAwayInTheMiddle_NothingIsStored()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] whole = """{"action":"ping"}"""u8.ToArray();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(loop.Address.Host, loop.Address.Port, Stop);
            string head = $"POST /hooks/greenhouse HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nSignature: {Signature(whole, GreenhouseDemo.HookSecret)}\r\nContent-Length: 5000\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Stop);
            await client.GetStream().WriteAsync(whole, Stop);
        }

        // A delivery that comes after it is answered, so the one before it has been dealt with or never will be.
        (await loop.DeliverAsync("""{"action":"ping","n":2}"""u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await EventsAsync(loop)).ShouldBe(1);
    }

    [Fact]
    public async Task Hook_SomebodyHoldsTheStore_503ThenRecoversByItself()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = """{"action":"ping"}"""u8.ToArray();
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(loop.Workspace.Data, "aria.db")};Pooling=False"))
        {
            await other.OpenAsync(Stop);
            await using SqliteCommand begin = other.CreateCommand();
            begin.CommandText = "BEGIN EXCLUSIVE";
            await begin.ExecuteNonQueryAsync(Stop);

            HttpResponseMessage refused = await loop.DeliverAsync(body);

            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
            (await RefusalAsync(refused)).ShouldBe((503, "store_unavailable"));
            await UntilReadyIsAsync(loop, HttpStatusCode.ServiceUnavailable);
        }

        await UntilReadyIsAsync(loop, HttpStatusCode.OK);
        (await StatusAsync(await loop.DeliverAsync(body))).ShouldBe("accepted");
    }

    [Fact]
    public async Task Hook_StoreIsClosedUnderTheHost_503()
    {
        await using Loop loop = await Loop.StartAsync();
        await loop.Store.DisposeAsync();

        (await RefusalAsync(await loop.DeliverAsync("""{"action":"ping"}"""u8.ToArray()))).ShouldBe((503, "store_unavailable"));
        (await loop.Http.GetAsync(new Uri(loop.Address, "/health/ready"), Stop)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    /// <summary>The sender may be told before the writing thread has given up, and it tries again by itself.</summary>
    private static async Task UntilReadyIsAsync(Loop loop, HttpStatusCode wanted)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while ((await loop.Http.GetAsync(new Uri(loop.Address, "/health/ready"), Stop)).StatusCode != wanted)
        {
            await ticks.WaitForNextTickAsync(Stop);
        }
    }

    /// <summary>Two lines of one header, which a client library would join into one.</summary>
    private static async Task<string?> TwoSignaturesAsync(Loop loop, byte[] body, string signature)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(loop.Address.Host, loop.Address.Port, Stop);
        string head = $"POST /hooks/greenhouse HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nSignature: {signature}\r\nSignature: {signature}\r\nContent-Length: {body.Length}\r\n\r\n";
        await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], Stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadLineAsync(Stop);
    }

    private static async Task<long> EventsAsync(Loop loop) => (await loop.Store.CountAsync(Stop)).Events.Values.Sum() - Ping;

    private static string Signature(byte[] body, string secret) =>
        "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static async Task<HttpResponseMessage> PostAsync(
        Loop loop, byte[] body, string path = "/hooks/greenhouse", string? type = "application/json", string? encoding = null, bool chunked = false, string? id = null, string[]? signatures = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(loop.Address, path)) { Content = chunked ? new StreamContent(new Unsized(body)) : new ByteArrayContent(body) };
        (string Name, string? Value)[] given = [("Content-Type", type), ("Content-Encoding", encoding), ("Greenhouse-Event-ID", id)];
        foreach ((string name, string? value) in given.Where(h => h.Value is not null))
        {
            _ = request.Content.Headers.TryAddWithoutValidation(name, value) || request.Headers.TryAddWithoutValidation(name, value);
        }
        foreach (string signature in signatures ?? [Signature(body, GreenhouseDemo.HookSecret)])
        {
            request.Headers.TryAddWithoutValidation("Signature", signature);
        }
        request.Headers.ExpectContinue = body.Length > Limit;
        return await loop.Http.SendAsync(request, Stop);
    }

    private static async Task<(int Status, string? Code)> RefusalAsync(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync(Stop);
        text.ShouldNotContain("   at ");
        return ((int)answer.StatusCode, text.Length == 0 ? null : (string?)JsonNode.Parse(text)!["code"]);
    }

    private static async Task<string?> StatusAsync(HttpResponseMessage answer) => (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["status"];

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
