using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>A server that speaks bytes, so that a test decides when it answers and when it hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task<bool>> _answer;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="answer">Given each request's head and body; true to keep the connection for another request.</param>
    public RawServer(Func<string, NetworkStream, CancellationToken, Task<bool>> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public ConcurrentQueue<string> Requests { get; } = [];

    public int Connections => Volatile.Read(ref _connections);

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Set when a connection was closed by this server.</summary>
    public TaskCompletionSource HungUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<bool> SayAsync(NetworkStream stream, string text, bool keep)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        return keep;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over; a listener that was stopped between two accepts says so as an invalid operation.
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (!await _answer(request, stream, _stop.Token))
                    {
                        break;
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The other side is gone, or the test is over.
                return;
            }
        }
        HungUp.TrySetResult();
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (!IsComplete(text.ToString()))
        {
            int count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
            {
                return null;
            }
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        return text.ToString();
    }

    private static bool IsComplete(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        const string name = "Content-Length: ";
        int at = text.IndexOf(name, StringComparison.Ordinal);
        int length = at < 0 ? 0 : int.Parse(text.AsSpan(at + name.Length).ToString().Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
        return end >= 0 && text.Length >= end + 4 + length;
    }
}
