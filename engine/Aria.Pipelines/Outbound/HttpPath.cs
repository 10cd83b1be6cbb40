using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Aria.Pipelines.Abstractions;
using Polly;
using Polly.Retry;

namespace Aria.Pipelines.Outbound;

/// <summary>Sends requests over guarded sockets: one send per call, no redirects, no proxy, no cookies, bounded answers.</summary>
internal sealed class HttpPath : IHttpPath, IDisposable
{
    /// <summary>Largest answer that is read, in bytes.</summary>
    public const int MaxResponseBytes = 10 * 1024 * 1024;

    private const int ChunkBytes = 16 * 1024;

    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t']);
    private readonly Dictionary<TargetPolicy, HttpMessageInvoker> _invokers = [];
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    // The only retry inside an attempt (R5): no connection was made, so the target has seen nothing. Everything else is tried again through the store.
    private readonly ResiliencePipeline<HttpAnswer> _connecting;

    /// <param name="time">The clock of its limits.</param>
    /// <param name="resolve">Asks for the addresses of a name; null for the resolver of the machine.</param>
    public HttpPath(TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _time = time;
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
        _connecting = new ResiliencePipelineBuilder<HttpAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpAnswer>
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result is { MayHaveArrived: false, Code: "not_connected" }),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();
    }

    public async Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
        await _connecting.ExecuteAsync(async token => await SendOnceAsync(request, policy, timeout, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<HttpAnswer> SendOnceAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        HttpAnswer Failed(bool mayHaveArrived, string code, string detail) =>
            new(null, mayHaveArrived, code, detail, Stopwatch.GetElapsedTime(started));

        if (RefusedBeforeSending(request, policy) is var (code, detail))
        {
            return Failed(false, code, detail);
        }
        using HttpRequestMessage message = Message(request);
        if (InvalidHeader(request, message) is { } invalid)
        {
            return Failed(false, "invalid_header_value", invalid);
        }
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        SendMark mark = SendMark.Begin();
        try
        {
            using HttpResponseMessage answer = await InvokerFor(policy).SendAsync(message, either.Token).ConfigureAwait(false);
            byte[]? body = await ReadAsync(answer.Content, either.Token).ConfigureAwait(false);
            return body is null
                ? Failed(true, "response_too_large", $"The answer is larger than {MaxResponseBytes} bytes.")
                : new HttpAnswer(new ConnectorResponse((int)answer.StatusCode, Headers(answer), body), true, null, null, Stopwatch.GetElapsedTime(started));
        }
        catch (HttpRequestException e) when (e.InnerException is TargetRefusedException refused)
        {
            return Failed(false, "ssrf_blocked", refused.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler ends a connection attempt of its own accord too, with the same exception.
            return Failed(mark.HasLeft, "timeout", limit.IsCancellationRequested ? $"No complete answer within {timeout.TotalSeconds:0.#} s." : "No connection in time.");
        }
        catch (InvalidDataException e)
        {
            return Failed(true, "response_unreadable", e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } && !mark.HasLeft
                ? Failed(false, "tls_failed", TlsTrouble.NoConnection(request.Url, policy, e))
                : Failed(mark.HasLeft, mark.HasLeft ? "connection_lost" : "not_connected", TlsTrouble.Ended(request.Url, policy, e));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (HttpMessageInvoker invoker in _invokers.Values)
            {
                invoker.Dispose();
            }
            _invokers.Clear();
        }
    }

    private static (string Code, string Detail)? RefusedBeforeSending(ConnectorRequest request, TargetPolicy policy)
    {
        Uri url = request.Url;
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) || url.UserInfo.Length > 0)
        {
            return ("ssrf_blocked", "Only absolute http and https URLs without user information are requested.");
        }
        if (url.Scheme == Uri.UriSchemeHttp && !policy.AllowPlainHttp)
        {
            return ("plain_http_refused", $"'{url.GetLeftPart(UriPartial.Authority)}' is plain HTTP, which this environment does not allow.");
        }
        return null;
    }

    private static HttpRequestMessage Message(ConnectorRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url) { Version = HttpVersion.Version11 };
        if (request.Method != "GET" || request.Body.Length > 0 || request.Headers.Any(h => h.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
        {
            // A write states its length, even when that is 0: some targets refuse it otherwise. Others want the type of a body that a read does not have.
            message.Content = new ReadOnlyMemoryContent(request.Body);
        }
        return message;
    }

    /// <summary>Sets the headers; what is wrong with the first one that cannot be sent, or null.</summary>
    private static string? InvalidHeader(ConnectorRequest request, HttpRequestMessage message)
    {
        foreach ((string name, string value) in request.Headers)
        {
            // The library lets some line breaks through, and finds other characters only when it writes them.
            if (value.AsSpan().IndexOfAnyExcept(Printable) >= 0)
            {
                return $"The value of header '{name}' holds a line break, another control character or one outside ASCII.";
            }
            try
            {
                if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
                {
                    message.Content?.Headers.Add(name, value);
                }
                else
                {
                    message.Headers.Add(name, value);
                }
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
            {
                return $"Header '{name}' cannot be sent: its name or value is not allowed there.";
            }
        }
        return null;
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        // Rented: what one large answer took is there for the next one, and does not wait for the collector in the meantime. It is given back
        // empty, because connectors rent from the same pool, and answers hold tokens and what a system knows of people.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(content.Headers.ContentLength is >= 0 and < ChunkBytes and { } length ? (int)length + 1 : ChunkBytes);
        try
        {
            int total = 0;
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(total), cancellationToken).ConfigureAwait(false)) > 0)
            {
                total += count;
                if (total > MaxResponseBytes)
                {
                    return null;
                }
                if (total == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(total * 2);
                    buffer.AsSpan(0, total).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                    buffer = larger;
                }
            }
            return buffer.AsSpan(0, total).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Headers(HttpResponseMessage answer)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, HeaderStringValues> header in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            headers[header.Key] = [.. header.Value];
        }
        return headers;
    }

    private HttpMessageInvoker InvokerFor(TargetPolicy policy)
    {
        lock (_gate)
        {
            if (!_invokers.TryGetValue(policy, out HttpMessageInvoker? invoker))
            {
                // One pool per policy: a connection opened under a loose policy must not serve a strict one.
                invoker = new HttpMessageInvoker(NewHandler(policy));
                _invokers.Add(policy, invoker);
            }
            return invoker;
        }
    }

    private SocketsHttpHandler NewHandler(TargetPolicy policy) => new()
    {
        SslOptions = new SslClientAuthenticationOptions { ClientCertificateContext = policy.Certificate?.Shown, CertificateChainPolicy = policy.Authority?.ChainPolicy },
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 64,
        ConnectCallback = (connect, cancellationToken) => ConnectAsync(connect.DnsEndPoint, policy, cancellationToken),
        PlaintextStreamFilter = (plain, _) => ValueTask.FromResult<Stream>(new MarkedStream(plain.PlaintextStream)),
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, TargetPolicy policy, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out IPAddress? literal)
            ? [literal]
            : await _resolve(target.Host, cancellationToken).ConfigureAwait(false);
        // Any forbidden address refuses the name: a mixed answer is how rebinding looks.
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, address => AddressGuard.Allows(address, policy)))
        {
            throw new TargetRefusedException($"'{target.Host}' resolves to an address that this environment does not allow.");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class TargetRefusedException(string message) : Exception(message);
}
