using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>A system that tells the host what happened: signed, and again until it is acknowledged. It keeps its own log of acknowledgements on disk.</summary>
internal sealed class Sender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { Timeout = Patience };
    private readonly Uri _hook;
    private readonly byte[] _secret;
    private readonly Lock _gate = new();
    private readonly StreamWriter _log;

    /// <param name="host">The host's address.</param>
    /// <param name="secret">What deliveries are signed with.</param>
    /// <param name="logFile">Where acknowledgements are logged.</param>
    /// <param name="source">The connection that it delivers to.</param>
    public Sender(Uri host, string secret, string logFile, string source = "target")
    {
        _hook = new Uri(host, $"/hooks/{source}");
        _secret = Encoding.UTF8.GetBytes(secret);
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    /// <summary>Told once for every answer, with its status and text; 0 when there was none.</summary>
    public Action<Order, int, string>? Answered { get; init; }

    /// <summary>Sends one after the other, each until it is acknowledged.</summary>
    public async Task SendAsync(IEnumerable<Order> orders, CancellationToken cancellationToken)
    {
        foreach (Order order in orders)
        {
            await SendAsync(order, cancellationToken);
        }
    }

    /// <summary>Sends until it is acknowledged and the event's id is known.</summary>
    public async Task SendAsync(Order order, CancellationToken cancellationToken)
    {
        while (await SendOnceAsync(order, cancellationToken) is not { EventId.Length: > 0 })
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Sends once.</summary>
    /// <returns>The acknowledgement; null when there was none.</returns>
    public async Task<Acknowledgement?> SendOnceAsync(Order order, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _hook) { Content = new ByteArrayContent(order.Bytes) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Counting-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(_secret, order.Bytes)));
        int status = 0;
        string text = "";
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            status = (int)answer.StatusCode;
            text = await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // No host, or one that was killed while it answered. With a 2xx before, it counts all the same.
            text = status == 0 ? e.Message : "";
        }
        Answered?.Invoke(order, status, text);
        if (status is < 200 or > 299)
        {
            return null;
        }
        var acknowledgement = new Acknowledgement(order.Number, text.Length > 0 ? JsonNode.Parse(text)!["events"]![0]!.ToString() : "");
        lock (_gate)
        {
            _log.WriteLine(acknowledgement.Line);
        }
        return acknowledgement;
    }

    public void Dispose()
    {
        _http.Dispose();
        _log.Dispose();
    }
}
