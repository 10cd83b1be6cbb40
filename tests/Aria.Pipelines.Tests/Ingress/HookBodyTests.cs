using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Aria.Pipelines.Tests.Connectors;
using Aria.Pipelines.Tests.House;
using Aria.Pipelines.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>Bodies that are packed, are forms, or want a certain answer, posted to the endpoint over a socket, into a real store.</summary>
public sealed class HookBodyTests : IAsyncLifetime
{
    private const string Secret = "test-secret-1";

    private const string Connector = """
        { "connector": "hook", "version": "1.0.0", "contract": 1, "title": "Hook", "settings": { "webhookSecret": { "type": "secret" } },
          "http": { "baseUrl": "https://a.example" },
          "webhook": { "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "webhookSecret" }, "type": "/event", KNOB },
          "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": { "id": "{{ payload.id }}" }, "samples": [ { "constructed": "made.json" } ] } } }
        """;

    /// <summary>Bytes of bodies that are under way at most.</summary>
    private const long Room = 2 * WebhookEndpoint.MaxBodyBytes;

    private readonly BodyBudget _room = new(Room);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-hook-");
    private readonly HttpClient _client = new();
    private readonly LoggedLines<RefusalLog> _refusals = new();
    private IStore _store = null!;
    private WebApplication _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Gzip_Declared_UnpackedVerifiedAndKeptPlain()
    {
        await StartAsync(""" "encoding": "gzip" """);
        const string Body = """{"event":"made","id":"1"}""";
        (await PostAsync(Pack(Encoding.UTF8.GetBytes(Body)), "application/json", Sign(Body), "gzip")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await BodiesAsync()).ShouldBe([Body]);
    }

    [Fact]
    public async Task Gzip_NotDeclared_IsRefused()
    {
        await StartAsync(""" "pings": [] """);
        const string Body = """{"event":"made","id":"1"}""";
        (await PostAsync(Pack(Encoding.UTF8.GetBytes(Body)), "application/json", Sign(Body), "gzip")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await BodiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Gzip_ThatStandsForGigabytes_IsRefusedAfterOneMegabyte()
    {
        await StartAsync(""" "encoding": "gzip" """);
        byte[] bomb = Pack(new byte[200 * 1024 * 1024]);
        bomb.Length.ShouldBeLessThan(WebhookEndpoint.MaxBodyBytes);
        (await PostAsync(bomb, "application/json", "00", "gzip")).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await BodiesAsync()).ShouldBeEmpty();
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
        (await BodiesAsync()).ShouldBe(["""{"event":"made","id":"7"}"""]);
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
        using var shake = new HttpRequestMessage(HttpMethod.Post, $"{_server.Urls.First()}/hooks/ats");
        shake.Headers.Add("X-Shake", "two words");
        HttpResponseMessage[] answers =
        [
            await _client.PostAsync(new Uri($"{_server.Urls.First()}/hooks/Jane%20Doe"), new ByteArrayContent(body), Stop),
            await _client.GetAsync(new Uri($"{_server.Urls.First()}/hooks/ats"), Stop),
            await PostAsync(body, "text/plain", "00"),
            await PostAsync(new byte[WebhookEndpoint.MaxBodyBytes + 1], "application/json", "00"),
            await PostAsync(body, "application/json", "00", "gzip"),
            await PostAsync(body, "application/json", "00"),
            await _client.SendAsync(shake, Stop),
        ];

        string[] told = [.. await Task.WhenAll(answers.Select(async a => (string)JsonNode.Parse(await a.Content.ReadAsStringAsync(Stop))!["traceId"]!))];
        const string Hint = " The signature is looked for in the header 'S' and made with the secret in the setting 'webhookSecret'.";
        _refusals.Lines.ShouldBe([
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
        (await answers[5].Content.ReadAsStringAsync(Stop)).ShouldNotContain("webhookSecret", Case.Sensitive, "the sender is not told");
    }

    [Fact]
    public async Task Store_ThatIsAway_IsLoggedWithoutAStack()
    {
        await StartAsync(""" "pings": [] """);
        await _store.DisposeAsync();
        const string Body = """{"event":"made","id":"1"}""";
        HttpResponseMessage answer = await PostAsync(Encoding.UTF8.GetBytes(Body), "application/json", Sign(Body));

        string trace = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["traceId"]!;
        _refusals.Lines.ShouldBe([$"1003 Error: A delivery for ats could not be stored; the sender was told to try again: The store is closed. (trace {trace})"]);
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
        var request = new HttpRequestMessage(HttpMethod.Post, $"{_server.Urls.First()}/hooks/ats") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("S", signature);
        // What is refused before it is read may end the connection while it is written; so the refusal is waited for.
        request.Headers.ExpectContinue = body.Length > WebhookEndpoint.MaxBodyBytes;
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }
        return _client.SendAsync(request, Stop);
    }

    [Fact]
    public async Task Delivery_WithoutRoom_RefusedUntilOthersAreThrough()
    {
        await StartAsync(""" "ack": { "status": 200 } """);
        const string Body = """{"event":"made","id":"1"}""";
        _room.TryTake(Room - 1).ShouldBeTrue();

        HttpResponseMessage refused = await PostAsync(Encoding.UTF8.GetBytes(Body), "application/json", Sign(Body));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await refused.Content.ReadAsStringAsync(Stop)).ShouldContain("\"too_busy\"");
        (await BodiesAsync()).ShouldBeEmpty();

        _room.Give(Room - 1);
        (await PostAsync(Encoding.UTF8.GetBytes(Body), "application/json", Sign(Body))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _server.StopAsync(Stop);
        _room.TryTake(Room).ShouldBeTrue("a delivery that is through holds nothing");
    }

    private async Task<IReadOnlyList<string>> BodiesAsync()
    {
        var found = new List<string>();
        foreach (EventSummary one in await _store.Views.ListEventsAsync(new EventQuery(null, null, 100), Stop))
        {
            found.Add(Encoding.UTF8.GetString((await _store.Views.FindEventAsync(one.Id, Stop))!.Body));
        }
        return found;
    }

    private async Task StartAsync(string knob)
    {
        string workspace = Path.Combine(_folder.FullName, "pipelines");
        Directory.CreateDirectory(Path.Combine(workspace, "connections"));
        await File.WriteAllTextAsync(Path.Combine(workspace, "connections/ats.json"), """{ "connector": "hook", "settings": { "webhookSecret": "${secret:hook}" } }""", Stop);
        Connector connector = Connectors.Plugins.Read(new TestFolder(Connector.Replace("KNOB", knob, StringComparison.Ordinal)).With("made.json", """{"event":"made","id":"1"}"""));
        Workspace compiled = new WorkspaceCompiler(new Dictionary<string, Connector> { ["hook"] = connector }, new MappingCompiler()).Compile(workspace, "pipelines", "production");
        TimeProvider time = TimeProvider.System;
        _store = await SqliteFiles.OpenAsync(Path.Combine(_folder.FullName, "data"), time);
        var catalog = new PipelineCatalog(_store, new MappingCompiler());
        await catalog.LoadAsync(compiled, Stop);
        var secrets = new ConnectionSecrets(new MemorySecretSource(new Dictionary<string, string> { ["hook"] = Secret }));
        var hosts = new ConnectorHosts(secrets, time, new NoNetwork(), new NoNetwork(), NullLoggerFactory.Instance);
        var intake = new EventIntake(_store, catalog, new ReadCache(time), new DueSignal(), time);
        var gates = new SourceGates(new IngressLimits(100), new AuditTrail(_store, NullLogger<AuditTrail>.Instance), time);
        var endpoint = new WebhookEndpoint(catalog, new WebhookReceiver(secrets, hosts, time), intake, gates, _room, new RefusalLog(time, _refusals), time, NullLogger<WebhookEndpoint>.Instance);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        WebhookEndpoint.Map(_server, endpoint);
        await _server.StartAsync(Stop);
    }
}
