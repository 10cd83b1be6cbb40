using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>Bodies that are packed, are forms, or want a certain answer, posted to the endpoint over a socket, into a real store.</summary>
public sealed class HookBodyTests : IAsyncLifetime
{
    private const string Secret = "test-secret-1";

    private HookRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Gzip_Declared_UnpackedVerifiedAndKeptPlain()
    {
        await StartAsync(""" "encoding": "gzip" """);
        const string Body = """{"event":"made","id":"1"}""";
        (await PostAsync(Pack(Encoding.UTF8.GetBytes(Body)), "application/json", Sign(Body), "gzip")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _rig.BodiesAsync()).ShouldBe([Body]);
    }

    [Fact]
    public async Task Gzip_NotDeclared_IsRefused()
    {
        await StartAsync(""" "pings": [] """);
        const string Body = """{"event":"made","id":"1"}""";
        (await PostAsync(Pack(Encoding.UTF8.GetBytes(Body)), "application/json", Sign(Body), "gzip")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await _rig.BodiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Gzip_ThatStandsForGigabytes_IsRefusedAfterOneMegabyte()
    {
        await StartAsync(""" "encoding": "gzip" """);
        byte[] bomb = Pack(new byte[200 * 1024 * 1024]);
        bomb.Length.ShouldBeLessThan(WebhookEndpoint.MaxBodyBytes);
        (await PostAsync(bomb, "application/json", "00", "gzip")).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _rig.BodiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Gzip_Broken_IsRefused()
    {
        await StartAsync(""" "encoding": "gzip" """);
        byte[] packed = Pack(Encoding.UTF8.GetBytes("""{"event":"made","id":"1"}"""));
        packed[12] ^= 0xFF;
        (await PostAsync(packed, "application/json", "00", "gzip")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Form_Declared_AcceptedAndJsonIsNot()
    {
        await StartAsync(""" "form": {} """);
        (await PostAsync("event=made&id=7"u8.ToArray(), "application/x-www-form-urlencoded; charset=utf-8", Sign("event=made&id=7"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PostAsync("{}"u8.ToArray(), "application/json", Sign("{}"))).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await _rig.BodiesAsync()).ShouldBe(["""{"event":"made","id":"7"}"""]);
    }

    [Fact]
    public async Task Ack_WithABody_IsWhatTheSenderReads()
    {
        await StartAsync(""" "ack": { "status": 202, "body": { "received": true } } """);
        HttpResponseMessage answer = await PostAsync("""{"event":"made","id":"1"}"""u8.ToArray(), "application/json", Sign("""{"event":"made","id":"1"}"""));
        (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)).ShouldBe((HttpStatusCode.Accepted, """{ "received": true }"""));
    }

    [Fact]
    public async Task Refusals_OfEveryKind_AreCountedAndLoggedWithTheTraceThatTheSenderGot()
    {
        var counted = new System.Collections.Concurrent.ConcurrentBag<(string?, string?)>();
        using MeterListener listener = Counting(counted);
        await StartAsync(""" "encoding": "gzip", "handshake": { "header": "X-Shake", "status": 200 } """);
        byte[] body = """{"event":"made","id":"1"}"""u8.ToArray();
        using var shake = new HttpRequestMessage(HttpMethod.Post, $"{_rig.Address}/hooks/ats");
        shake.Headers.Add("X-Shake", "two words");
        HttpResponseMessage[] answers =
        [
            await _rig.Client.PostAsync(new Uri($"{_rig.Address}/hooks/Jane%20Doe"), new ByteArrayContent(body), Stop),
            await _rig.Client.GetAsync(new Uri($"{_rig.Address}/hooks/ats"), Stop),
            await PostAsync(body, "text/plain", "00"),
            await PostAsync(new byte[WebhookEndpoint.MaxBodyBytes + 1], "application/json", "00"),
            await PostAsync(body, "application/json", "00", "gzip"),
            await PostAsync(body, "application/json", "00"),
            await _rig.Client.SendAsync(shake, Stop),
        ];

        string[] told = [.. await Task.WhenAll(answers.Select(async a => (string)JsonNode.Parse(await a.Content.ReadAsStringAsync(Stop))!["traceId"]!))];
        const string Hint = " The signature is looked for in the header 'S' and made with the secret in the setting 'secret'.";
        _rig.Refusals.Lines.ShouldBe([
            $"1001 Warning: A delivery for unknown was refused with 404: unknown_source (25 bytes, trace {told[0]})",
            $"1001 Warning: A delivery for ats was refused with 405: method_not_allowed (0 bytes, trace {told[1]})",
            $"1001 Warning: A delivery for ats was refused with 415: unsupported_media_type (25 bytes, trace {told[2]})",
            $"1001 Warning: A delivery for ats was refused with 413: payload_too_large (0 bytes, trace {told[3]})",
            $"1001 Warning: A delivery for ats was refused with 400: bad_encoding (25 bytes, trace {told[4]})",
            $"1001 Warning: A delivery for ats was refused with 401: signature_invalid (25 bytes, trace {told[5]}){Hint}",
            $"1001 Warning: A delivery for ats was refused with 400: handshake_invalid (0 bytes, trace {told[6]})",
        ]);
        new (string?, string?)[]
        {
            ("unknown", "unknown_source"), ("ats", "method_not_allowed"), ("ats", "unsupported_media_type"), ("ats", "payload_too_large"), ("ats", "bad_encoding"), ("ats", "signature_invalid"),
            ("ats", "handshake_invalid"),
        }.Except(counted).ShouldBeEmpty();
        counted.ShouldNotContain(c => c.Item1!.Contains("Jane"), "a label must not come from a sender");
        (await answers[5].Content.ReadAsStringAsync(Stop)).ShouldNotContain("'secret'", Case.Sensitive, "the sender is not told");
    }

    [Fact]
    public async Task Store_ThatIsAway_IsLoggedWithoutAStack()
    {
        await StartAsync(""" "pings": [] """);
        await _rig.Store.DisposeAsync();
        const string Body = """{"event":"made","id":"1"}""";
        HttpResponseMessage answer = await PostAsync(Encoding.UTF8.GetBytes(Body), "application/json", Sign(Body));

        string trace = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["traceId"]!;
        _rig.Refusals.Lines.ShouldBe([$"1003 Error: A delivery for ats could not be stored; the sender was told to try again: The store is closed. (trace {trace})"]);
    }

    private static MeterListener Counting(System.Collections.Concurrent.ConcurrentBag<(string?, string?)> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, heard) =>
            {
                if (instrument is { Meter.Name: EngineMetrics.MeterName, Name: "aria.deliveries.refused" })
                {
                    heard.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add((tags[0].Value as string, tags[1].Value as string)));
        listener.Start();
        return listener;
    }

    private static string Sign(string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }
        return packed.ToArray();
    }

    private Task<HttpResponseMessage> PostAsync(byte[] body, string type, string signature, string? encoding = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{_rig.Address}/hooks/ats") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("S", signature);
        // What is refused before it is read may end the connection while it is written; so the refusal is waited for.
        request.Headers.ExpectContinue = body.Length > WebhookEndpoint.MaxBodyBytes;
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }
        return _rig.Client.SendAsync(request, Stop);
    }

    [Fact]
    public async Task Delivery_WithoutRoom_RefusedUntilOthersAreThrough()
    {
        await StartAsync(""" "ack": { "status": 200 } """);
        const string Body = """{"event":"made","id":"1"}""";
        _rig.Room.TryTake(HookRig.MostBytes - 1).ShouldBeTrue();

        HttpResponseMessage refused = await PostAsync(Encoding.UTF8.GetBytes(Body), "application/json", Sign(Body));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await refused.Content.ReadAsStringAsync(Stop)).ShouldContain("\"too_busy\"");
        (await _rig.BodiesAsync()).ShouldBeEmpty();

        _rig.Room.Give(HookRig.MostBytes - 1);
        (await PostAsync(Encoding.UTF8.GetBytes(Body), "application/json", Sign(Body))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _rig.StopAsync();
        _rig.Room.TryTake(HookRig.MostBytes).ShouldBeTrue("a delivery that is through holds nothing");
    }

    private async Task StartAsync(string knob) => _rig = await HookRig.StartAsync(
        ("ats", $$"""{ "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "secret" }, "type": "/event", {{knob}} }"""));
}
