using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aria.Pipelines.Tests.Sandbox;

/// <summary>A real HTTP server that takes webhooks and answers with the status of the moment.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<ReceivedHook> _hooks = Channel.CreateUnbounded<ReceivedHook>();
    private readonly WebApplication _app;

    private WebhookReceiver()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel((KestrelServerOptions k) => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    public int Status { get; set; } = 200;

    /// <summary>A header that is sent back as it came; null for none.</summary>
    public string? Echo { get; set; }

    /// <summary>What is sent back in that header in place of what came; null for what came.</summary>
    public string? EchoValue { get; set; }

    /// <summary>While set, requests are read but not answered before it completes.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public Uri Url => new(_app.Urls.First() + "/hook");

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async Task<ReceivedHook> NextAsync() =>
        await _hooks.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Everything received and not yet read.</summary>
    public IReadOnlyList<ReceivedHook> Drain()
    {
        var all = new List<ReceivedHook>();
        while (_hooks.Reader.TryRead(out ReceivedHook? hook))
        {
            all.Add(hook);
        }

        return all;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _hooks.Writer.TryWrite(new ReceivedHook(body.ToArray(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await Hold.WaitAsync(http.RequestAborted);
        http.Response.StatusCode = Status;
        if (Echo is { } echo && http.Request.Headers.TryGetValue(echo, out var value))
        {
            http.Response.Headers[echo] = EchoValue ?? value;
        }
        if (Status is 301 or 302)
        {
            http.Response.Headers.Location = Url.ToString();
        }
    }
}

internal sealed record ReceivedHook(byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
