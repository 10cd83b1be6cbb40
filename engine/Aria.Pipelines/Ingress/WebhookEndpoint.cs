using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Aria.Pipelines.Ingress;

/// <summary><c>POST /hooks/{connection}</c>: read the raw bytes (limited), verify, split, store, answer. In that order.</summary>
internal sealed partial class WebhookEndpoint(
    PipelineCatalog catalog, IWebhookReceiver receiver, EventIntake intake, IngressLimits limits, SourceGates gates, BodyBudget room, RefusalLog refusals, TimeProvider time, ILogger<WebhookEndpoint> log)
{
    /// <summary>Largest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>How long a sender waits for a store that is held up, on the sender's clock: the strictest one counts an answer after five seconds as none.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4.5);
    private const int MaxHandshake = 256;
    private const string NotAllowed = "ip_not_allowed";

    /// <summary>A sender that has come over TLS comes that way for a year.</summary>
    private const string OverTlsOnly = "max-age=31536000";

    // What a sender calls a source that does not exist must not become a label.
    private const string NoSource = "unknown";

    public static void Map(IEndpointRouteBuilder routes, WebhookEndpoint endpoint) =>
        routes.Map("/hooks/{connection}/{token?}", endpoint.InvokeAsync);

    private async Task InvokeAsync(HttpContext http)
    {
        string id = http.Request.RouteValues["connection"] as string ?? "";
        Connection? connection = catalog.Current.Connections.GetValueOrDefault(id);
        if (http.Request.IsHttps)
        {
            http.Response.Headers.StrictTransportSecurity = OverTlsOnly;
        }
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            await RefuseAsync(http, connection?.Id ?? NoSource, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "Deliveries are posted.").ConfigureAwait(false);
            return;
        }
        if (connection?.Connector.Webhook is not { } webhook)
        {
            await RefuseAsync(http, NoSource, StatusCodes.Status404NotFound, "unknown_source", "There is no such source.").ConfigureAwait(false);
            return;
        }
        if (gates.Enter(connection.Id) is { } later)
        {
            http.Response.Headers.RetryAfter = later.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            await RefuseAsync(http, connection.Id, StatusCodes.Status429TooManyRequests, "too_many_deliveries", "This source delivers too fast; send it again later.").ConfigureAwait(false);
            return;
        }
        if (IsPlainFromAfar(http) && !limits.AcceptsPlainHttp)
        {
            await RefuseAsync(http, connection.Id, StatusCodes.Status421MisdirectedRequest, "https_required", "Deliveries are taken over HTTPS only.",
                hint: "A proxy named with --trusted-proxy has to send X-Forwarded-Proto.").ConfigureAwait(false);
            return;
        }
        if (!connection.Allows(http.Connection.RemoteIpAddress))
        {
            gates.Refused(http, connection.Id, NotAllowed, []);
            await RefuseAsync(http, connection.Id, StatusCodes.Status403Forbidden, NotAllowed, "This source takes no deliveries from this address.").ConfigureAwait(false);
            return;
        }
        if (webhook.Handshake is { } handshake && http.Request.Headers.TryGetValue(handshake.Header, out Microsoft.Extensions.Primitives.StringValues secret))
        {
            await ShakeHandsAsync(http, connection.Id, handshake, secret).ConfigureAwait(false);
            return;
        }
        if (UnsupportedContent(http.Request, webhook) is { } unsupported)
        {
            await RefuseAsync(http, connection.Id, StatusCodes.Status415UnsupportedMediaType, unsupported.Code, unsupported.Title).ConfigureAwait(false);
            return;
        }
        long bytes = Math.Min(http.Request.ContentLength ?? MaxBodyBytes, MaxBodyBytes);
        if (!room.TryTake(bytes))
        {
            http.Response.Headers.RetryAfter = "5";
            await RefuseAsync(http, connection.Id, StatusCodes.Status503ServiceUnavailable, "too_busy", "Too many deliveries are under way; send it again.").ConfigureAwait(false);
            return;
        }
        try
        {
            await TakeAsync(http, connection).ConfigureAwait(false);
        }
        finally
        {
            room.Give(bytes);
        }
    }

    /// <summary>Reads, verifies and stores.</summary>
    private async Task TakeAsync(HttpContext http, Connection connection)
    {
        if (await ReadAsync(http, connection.Id).ConfigureAwait(false) is not { } body)
        {
            return;
        }
        if (IsGzip(http.Request) && !GzipBody.TryUnpack(ref body, MaxBodyBytes, out bool tooLarge))
        {
            await (tooLarge
                ? RefuseAsync(http, connection.Id, StatusCodes.Status413PayloadTooLarge, "payload_too_large", "The body could not be read.")
                : RefuseAsync(http, connection.Id, StatusCodes.Status400BadRequest, "bad_encoding", "The body is not gzip.")).ConfigureAwait(false);
            return;
        }
        var delivery = new Delivery("POST", Headers(http.Request), Query(http.Request), body, time.GetUtcNow());
        Reception reception = receiver.Receive(connection, delivery, http.Request.RouteValues["token"] as string);
        if (reception.RejectStatus is { } status)
        {
            string code = reception.RejectCode ?? "refused";
            gates.Refused(http, connection.Id, code, body);
            await RefuseAsync(http, connection.Id, status, code, "The delivery is not authentic.", body.Length, hint: connection.Connector.Webhook?.Proof).ConfigureAwait(false);
            return;
        }
        await StoreAsync(http, connection, delivery, reception).ConfigureAwait(false);
    }

    /// <summary>Shows the sender that the receiver is the one it means. Only what a secret looks like goes back, so that nobody can have other things said.</summary>
    private async Task ShakeHandsAsync(HttpContext http, string source, HandshakeDefinition handshake, Microsoft.Extensions.Primitives.StringValues secret)
    {
        if (secret.Count != 1 || secret[0] is not { Length: > 0 and <= MaxHandshake } text || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            await RefuseAsync(http, source, StatusCodes.Status400BadRequest, "handshake_invalid", "The handshake cannot be answered.").ConfigureAwait(false);
            return;
        }
        http.Response.Headers[handshake.Header] = text;
        http.Response.StatusCode = handshake.Status;
    }

    private async Task StoreAsync(HttpContext http, Connection connection, Delivery delivery, Reception reception)
    {
        IReadOnlyList<AcceptedEvent> accepted;
        try
        {
            // Once the bytes are here the sender's patience must not decide whether they are kept; but while the store is held up, an answer in
            // time makes the sender come again, where silence may count as a failing receiver.
            FaultPoint.Reach("accept.before_store");
            using var patience = new CancellationTokenSource(LongestWait, TimeProvider.System);
            accepted = await intake.AcceptAsync(connection, delivery, reception.Events, patience.Token).ConfigureAwait(false);
            FaultPoint.Reach("accept.after_store");
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            http.Response.Headers.RetryAfter = "30";
            string trouble = e is StoreUnavailableException ? e.Message : "the store did not answer in time.";
            await RefuseAsync(http, connection.Id, StatusCodes.Status503ServiceUnavailable, "store_unavailable", "The delivery could not be stored; send it again.", trouble: trouble).ConfigureAwait(false);
            return;
        }
        foreach (DecodedEvent quarantined in reception.Events.Where(e => e.QuarantineCode is not null))
        {
            LogQuarantined(log, connection.Id, quarantined.QuarantineCode!);
        }
        http.Response.StatusCode = reception.AckStatus;
        if (reception.AckStatus != StatusCodes.Status204NoContent)
        {
            http.Response.ContentType = "application/json";
            string text = connection.Connector.Webhook?.AckBody is { } wanted ? wanted.GetRawText() : Answer(accepted).ToJsonString();
            await http.Response.WriteAsync(text, CancellationToken.None).ConfigureAwait(false);
        }
        FaultPoint.Reach("accept.after_answer");
    }

    /// <summary>What became of the delivery; of one event also its id, and why it could not be decoded.</summary>
    private static JsonObject Answer(IReadOnlyList<AcceptedEvent> accepted)
    {
        var answer = new JsonObject
        {
            ["status"] = accepted.Count == 0 ? "accepted" : accepted.All(a => a.IsDuplicate) ? "duplicate" : accepted.Any(a => a.State == EventStates.Quarantined) ? "quarantined" : "accepted",
        };
        if (accepted is [{ } only])
        {
            answer["id"] = only.Id;
            if (only.Code is { } code)
            {
                answer["code"] = code;
            }
        }
        answer["events"] = new JsonArray([.. accepted.Select(a => (JsonNode)JsonValue.Create(a.Id))]);
        return answer;
    }

    private async Task<byte[]?> ReadAsync(HttpContext http, string source)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, MaxBodyBytes));
        try
        {
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted).ConfigureAwait(false);
            return buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
        }
        catch (BadHttpRequestException e)
        {
            if (e.StatusCode == StatusCodes.Status400BadRequest)
            {
                // The bytes ended, or stopped being a body, before they were all there.
                gates.Aborted(http, source, buffer.ToArray());
            }
            string code = e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => "payload_too_large",
                StatusCodes.Status408RequestTimeout => "body_too_slow",
                _ => "bad_request",
            };
            await RefuseAsync(http, source, e.StatusCode, code, "The body could not be read.", buffer.Length).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The sender went away in the middle of the body: there is nobody to answer, and no event.
            gates.Aborted(http, source, buffer.ToArray());
            http.Abort();
            return null;
        }
    }

    /// <summary>True for what came from another machine without TLS, as far as the proxies that are believed can tell.</summary>
    private static bool IsPlainFromAfar(HttpContext http) =>
        !http.Request.IsHttps && http.Connection.RemoteIpAddress is { } sender && !IPAddress.IsLoopback(sender);

    private static bool IsGzip(HttpRequest request) => request.Headers.ContentEncoding is [{ } encoding] && encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);

    private static (string Code, string Title)? UnsupportedContent(HttpRequest request, WebhookDefinition webhook)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity" && !(webhook.Compressed && IsGzip(request)))
        {
            return ("unsupported_encoding", "Compressed bodies are not accepted.");
        }
        if (webhook.DecodedByCode)
        {
            return null;
        }
        bool isUtf8 = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (webhook.Form is not null)
        {
            return isUtf8 && type!.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? null : ("unsupported_media_type", "The body must be application/x-www-form-urlencoded in UTF-8.");
        }
        bool isJson = isUtf8 && (type!.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        return isJson ? null : ("unsupported_media_type", "The body must be application/json in UTF-8.");
    }

    private static Dictionary<string, IReadOnlyList<string>> Headers(HttpRequest request)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            headers[name] = values is [{ } only] ? [only] : [.. values.Select(v => v ?? "")];
        }
        return headers;
    }

    private static Dictionary<string, IReadOnlyList<string>> Query(HttpRequest request) =>
        request.Query.ToDictionary(q => q.Key, q => (IReadOnlyList<string>)[.. q.Value.Select(v => v ?? "")]);

    /// <summary>Counts and logs a refusal, and answers with RFC 9457 problem details; never a stack trace.</summary>
    /// <param name="http">The request.</param>
    /// <param name="source">Id of the connection, or <see cref="NoSource"/>.</param>
    /// <param name="status">Status of the answer.</param>
    /// <param name="code">Stable code.</param>
    /// <param name="title">What the sender is told.</param>
    /// <param name="length">Bytes that were read; null before that, where what was announced counts.</param>
    /// <param name="hint">What the log says beside it.</param>
    /// <param name="trouble">Why the store did not take it; null when the sender is to blame.</param>
    private async Task RefuseAsync(HttpContext http, string source, int status, string code, string title, long? length = null, string? hint = null, string? trouble = null)
    {
        string trace = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        EngineMetrics.DeliveryRefused(source, code);
        if (trouble is null)
        {
            refusals.Refused(source, status, code, length ?? http.Request.ContentLength ?? 0, trace, hint);
        }
        else
        {
            refusals.NotStored(source, code, trouble, trace);
        }
        var problem = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = title,
            ["status"] = status,
            ["code"] = code,
            ["traceId"] = trace,
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        await http.Response.WriteAsync(problem.ToJsonString(), CancellationToken.None).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A delivery for {Connection} was stored as quarantined: {Code}")]
    private static partial void LogQuarantined(ILogger log, string connection, string code);
}
