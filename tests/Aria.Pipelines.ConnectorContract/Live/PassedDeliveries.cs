using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>Stands before a host's hook and writes down what passes.</summary>
internal sealed class PassedDeliveries : IAsyncDisposable
{
    private readonly ConcurrentQueue<PassedDelivery> _passed = new();
    private readonly HttpClient _client = new();
    private readonly Uri _hook;
    private readonly IReadOnlyList<string> _headers;
    private readonly WebApplication _app;

    private PassedDeliveries(Uri hook, IReadOnlyList<string> headers)
    {
        (_hook, _headers) = (hook, headers);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(PassAsync);
    }

    /// <summary>Where deliveries go that are to pass here.</summary>
    public Uri Hook => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), _hook.AbsolutePath);

    /// <summary>What passed.</summary>
    public IReadOnlyList<PassedDelivery> Passed => [.. _passed];

    /// <summary>Starts it.</summary>
    /// <param name="hook">The host's hook.</param>
    /// <param name="headers">The headers that belong to what is told, as the connector declares them.</param>
    public static async Task<PassedDeliveries> StartAsync(Uri hook, IReadOnlyList<string> headers)
    {
        var passed = new PassedDeliveries(hook, headers);
        await passed._app.StartAsync();
        return passed;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_hook, $"{context.Request.Path}{context.Request.QueryString}")) { Content = new ByteArrayContent(body.ToArray()) };
        foreach ((string name, var values) in context.Request.Headers.Where(h => !string.Equals(h.Key, "Host", StringComparison.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }
        using HttpResponseMessage response = await _client.SendAsync(request, context.RequestAborted);
        string answer = await response.Content.ReadAsStringAsync(context.RequestAborted);
        _passed.Enqueue(new PassedDelivery([.. _headers.Select(name => context.Request.Headers[name].ToString()), Convert.ToBase64String(body.ToArray())], (int)response.StatusCode, answer));
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        foreach ((string name, IEnumerable<string> values) in response.Headers.Where(h => !string.Equals(h.Key, "Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray();
        }
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}

/// <summary>A delivery and its answer.</summary>
/// <param name="Told">What was sent: the headers that belong to it, and the body as Base64.</param>
/// <param name="Status">Status of the answer.</param>
/// <param name="Answer">Body of the answer.</param>
internal sealed record PassedDelivery(IReadOnlyList<string> Told, int Status, string Answer);
