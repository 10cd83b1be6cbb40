using System.Net;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>
/// A Kestrel server on a loopback address. Each request is read to the end, logged, met by a fault if one matches,
/// processed, and answered. Paths under <c>/_sandbox/</c> go to the control API: unlogged, without faults.
/// </summary>
internal sealed class SandboxServer : IAsyncDisposable
{
    private static readonly byte[] Garbage = "<html>\ufffd{\"unterminated\": "u8.ToArray();
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly Func<SandboxRequest, CancellationToken, Task<Answer>> _serve;
    private readonly Flights _flights = new();
    private readonly ControlApi _control;

    private SandboxServer(WebApplication app, TimeProvider time, Func<SandboxRequest, CancellationToken, Task<Answer>> serve, ControlApi control)
    {
        (_app, _time, _serve, _control) = (app, time, serve, control);
        app.Run(HandleAsync);
    }

    /// <summary>Scheme, host and port, without a path.</summary>
    public Uri BaseUrl => new(_app.Urls.First());

    public static Task<SandboxServer> StartAsync(
        string url, TimeProvider time, Func<SandboxRequest, Answer> serve, ControlApi control, CancellationToken cancel) =>
        StartAsync(url, time, (request, _) => Task.FromResult(serve(request)), control, cancel);

    public static async Task<SandboxServer> StartAsync(
        string url, TimeProvider time, Func<SandboxRequest, CancellationToken, Task<Answer>> serve, ControlApi control, CancellationToken cancel, SandboxTls? tls = null)
    {
        Uri address = new(url, UriKind.Absolute);
        if (!Loopback.Holds(address))
        {
            throw new ArgumentException($"The sandbox listens on loopback only, and '{url}' is not a loopback address. Use http://127.0.0.1:<port>.", nameof(url));
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.TryParse(address.DnsSafeHost, out IPAddress? ip) ? ip : IPAddress.Loopback, address.Port, listen => tls?.Apply(listen));
        });
        var server = new SandboxServer(builder.Build(), time, serve, control);
        await server._app.StartAsync(cancel);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        SandboxRequest request = await SandboxRequest.ReadAsync(http);
        if (request.Path.StartsWith(ControlApi.Prefix, StringComparison.Ordinal))
        {
            await WriteAsync(http, await _control.HandleAsync(request, http.RequestAborted));
            return;
        }

        using Flight flight = _flights.Enter($"{request.Method} {request.Path}");
        request = request with { Together = flight.Together, Alike = flight.Alike };
        ReceivedRequest entry = _control.Requests.Open(request);
        Fault? fault = _control.Faults.Take(request.Method, request.Path);
        Answer? answer = await AnswerAsync(request, fault, http.RequestAborted);
        _control.Requests.Close(entry, answer?.Status ?? 0, fault?.Kind.ToString());
        if (answer is null)
        {
            http.Abort();
            return;
        }

        await WriteAsync(http, answer);
    }

    /// <summary>The answer under the fault; null closes the connection without one.</summary>
    private async Task<Answer?> AnswerAsync(SandboxRequest request, Fault? fault, CancellationToken cancel)
    {
        switch (fault?.Kind)
        {
            case FaultKind.DropBefore:
                return null;
            case FaultKind.DropAfter:
                await ProcessAsync(request, cancel);
                return null;
            case FaultKind.HoldAfter:
                await ProcessAsync(request, cancel);
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return null;
            case FaultKind.Garbage:
                return await ProcessAsync(request, cancel) with { Body = Garbage };
            case FaultKind.Status:
                Answer refused = Answer.Message(fault.Status, "Injected by the sandbox.");
                return fault.RetryAfter is { } seconds ? refused.With("Retry-After", $"{seconds}") : refused;
            case FaultKind.Delay:
                await Task.Delay(fault.Delay, _time, cancel);
                return await ProcessAsync(request, cancel);
            default:
                return await ProcessAsync(request, cancel);
        }
    }

    private async Task<Answer> ProcessAsync(SandboxRequest request, CancellationToken cancel)
    {
        try
        {
            return await _serve(request, cancel);
        }
        catch (RefusedException refused)
        {
            return refused.Answer;
        }
        catch (Exception bug)
        {
            return Answer.Message(500, $"The sandbox itself failed; the request is not to blame: {bug}");
        }
    }

    private static async Task WriteAsync(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            http.Response.Headers.Append(name, value);
        }

        if (answer.ContentType is not null)
        {
            http.Response.ContentType = answer.ContentType;
        }

        if (answer.Status != StatusCodes.Status204NoContent)
        {
            http.Response.ContentLength = answer.Body.Length;
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
    }
}
