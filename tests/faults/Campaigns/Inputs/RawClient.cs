using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aria.Pipelines.Faults.Campaigns.Inputs;

/// <summary>A client that sends bytes as they are, and reads as much of the answer as comes.</summary>
internal sealed class RawClient(int port) : IDisposable
{
    private TcpClient? _kept;

    /// <summary>Sends a well-formed request on a kept connection.</summary>
    /// <returns>The answer's head and body.</returns>
    public async Task<string> AskAsync(byte[] request, CancellationToken cancellationToken)
    {
        if (_kept is null)
        {
            _kept = new TcpClient { NoDelay = true };
            await _kept.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        }
        NetworkStream stream = _kept.GetStream();
        await stream.WriteAsync(request, cancellationToken);
        string answer = await ReadAsync(stream, untilEnd: false, cancellationToken);
        if (answer.Length == 0 || answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
        {
            _kept.Dispose();
            _kept = null;
        }
        return answer;
    }

    /// <summary>Sends anything on a connection of its own, says that nothing more comes, and reads to the end.</summary>
    public async Task<string> ShoutAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // It was refused before all of it was sent; the answer may have come all the same.
        }
        return await ReadAsync(stream, untilEnd: true, cancellationToken);
    }

    public void Dispose() => _kept?.Dispose();

    private static async Task<string> ReadAsync(NetworkStream stream, bool untilEnd, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((untilEnd || !IsComplete(text.ToString())) && (count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
            return text.ToString();
        }
        return text.ToString();
    }

    private static bool IsComplete(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }
        string body = text[(end + 4)..];
        string? length = text[..end].Split("\r\n").FirstOrDefault(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null
            ? body.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : body.Length >= int.Parse(length.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture);
    }
}
