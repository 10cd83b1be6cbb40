using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aria.Pipelines.Faults.InProcess;

/// <summary>One request as it came over the wire.</summary>
/// <param name="Line">Its first line: <c>POST /unsafe HTTP/1.1</c>.</param>
/// <param name="Head">First line and headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record SeenRequest(string Line, string Head, string Body)
{
    /// <summary>Value of a header; null when it is missing.</summary>
    public string? Header(string name) =>
        Head.Split("\r\n").Skip(1).FirstOrDefault(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}

/// <summary>A remote system that speaks bytes, so that a campaign decides what it answers, how fast, and when it hangs up. A request is recorded when it is complete.</summary>
internal sealed class RawTarget : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _serving = [];
    private readonly Task _accepting;

    public RawTarget()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}");

    public ConcurrentQueue<SeenRequest> Requests { get; } = [];

    /// <summary>What is done with a complete request; true keeps the connection. May be changed between trials.</summary>
    public Func<SeenRequest, NetworkStream, CancellationToken, Task<bool>> Answer { get; set; } = (_, stream, stop) => JsonAsync(stream, 200, "{}", stop);

    /// <summary>Answers with JSON and keeps the connection.</summary>
    public static async Task<bool> JsonAsync(NetworkStream stream, int status, string json, CancellationToken stop, string headers = "")
    {
        string answer = string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n{headers}\r\n{json}");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), stop);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Task serving = ServeAsync(client);
                _serving[serving] = 0;
                _ = serving.ContinueWith(done => _serving.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The campaign is over; a listener that was stopped between two accepts says so as an invalid operation.
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (!await Answer(request, stream, _stop.Token))
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side is gone, or the campaign is over.
                return;
            }
        }
    }

    private async Task<SeenRequest?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            if (Complete(text.ToString()) is { } request)
            {
                return request;
            }
            int count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
            {
                return null;
            }
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    private static SeenRequest? Complete(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }
        var request = new SeenRequest(text[..text.IndexOf('\r', StringComparison.Ordinal)], text[..end], text[(end + 4)..]);
        int length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        return request.Body.Length >= length ? request : null;
    }
}
