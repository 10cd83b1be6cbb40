using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aria.Pipelines.Bench.Load;

/// <summary>A kept HTTP/1.1 connection over a raw socket, so that the generator costs little beside what it measures.</summary>
internal sealed class RawConnection(Uri target) : IDisposable
{
    private readonly byte[] _answer = new byte[64 * 1024];
    private Socket? _socket;

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The connection ended before the answer did.</exception>
    /// <exception cref="SocketException">There is nobody.</exception>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target.Port), cancellationToken);
        }
        while (request.Length > 0)
        {
            request = request[await _socket.SendAsync(request, SocketFlags.None, cancellationToken)..];
        }
        int count = 0;
        while (true)
        {
            int read = await _socket.ReceiveAsync(_answer.AsMemory(count), SocketFlags.None, cancellationToken);
            if (read == 0)
            {
                throw new IOException("The connection ended before the answer.");
            }
            count += read;
            if (Status(_answer.AsSpan(0, count)) is { } status)
            {
                return status;
            }
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    /// <summary>The status of a complete answer; null when more is to come.</summary>
    private static int? Status(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }
        int status = int.Parse(answer.Slice("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> body = answer[(end + 4)..];
        string head = Encoding.ASCII.GetString(answer[..end]).ToLowerInvariant();
        if (head.Contains("transfer-encoding: chunked", StringComparison.Ordinal))
        {
            return body.EndsWith("0\r\n\r\n"u8) ? status : null;
        }
        const string Name = "content-length:";
        int at = head.IndexOf(Name, StringComparison.Ordinal);
        int length = at < 0 ? 0 : int.Parse(head[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        return body.Length >= length ? status : null;
    }
}
