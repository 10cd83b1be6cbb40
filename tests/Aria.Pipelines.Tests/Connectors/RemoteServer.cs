using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A request as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string PathAndQuery, string? Authorization, IHeaderDictionary Headers, string Body);

/// <summary>A small remote system on a loopback socket.</summary>
internal sealed class RemoteServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RemoteServer(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Requests { get; } = [];

    public string Url => _app.Urls.First();

    public IReadOnlyList<string> Lines => [.. Requests.Select(r => $"{r.Method} {r.PathAndQuery}")];

    /// <summary>Starts a server; the function answers each request.</summary>
    public static async Task<RemoteServer> StartAsync(Func<SeenRequest, HttpResponse, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var server = new RemoteServer(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            string body = await reader.ReadToEndAsync();
            string? authorization = http.Request.Headers.Authorization;
            // Kestrel uses its header dictionary again for the next request of the connection.
            var headers = new HeaderDictionary(http.Request.Headers.ToDictionary());
            var seen = new SeenRequest(http.Request.Method, http.Request.Path + http.Request.QueryString, authorization, headers, body);
            server.Requests.Enqueue(seen);
            await answer(seen, http.Response);
        });
        await app.StartAsync();
        return server;
    }

    public static Task Text(HttpResponse response, string text, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain";
        return response.WriteAsync(text);
    }

    public static Task Json(HttpResponse response, string json, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        return response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
