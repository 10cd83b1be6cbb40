using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>A TCP proxy before a target that speaks HTTP/1.1 with Content-Length, with or without TLS. It cuts connections at a phase that is chosen for each request.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Uri _target;
    private readonly Func<string, ProxyFault> _decide;
    private readonly ProxyTls? _tls;
    private readonly Task _accepting;
    private long _requests;
    private long _cuts;

    private FaultProxy(Uri target, Func<string, ProxyFault> decide, ProxyTls? tls)
    {
        (_target, _decide, _tls) = (target, decide, tls);
        _listener.Start();
        Address = new Uri($"{(tls is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Requests of which at least one byte arrived.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Connections cut on purpose.</summary>
    public long Cuts => Interlocked.Read(ref _cuts);

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">Where requests are passed on to.</param>
    /// <param name="decide">Chooses the fault; sees the request line, or an empty text when that is not read yet.</param>
    /// <param name="tls">How it speaks TLS on both sides; null for plain HTTP.</param>
    public static FaultProxy Start(Uri target, Func<string, ProxyFault> decide, ProxyTls? tls = null) => new(target, decide, tls);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptSocketAsync(_stopping.Token);
            _ = Task.Run(() => ServeAsync(client), CancellationToken.None);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await upstream.ConnectAsync(_target.Host, _target.Port, _stopping.Token);
            Stream near = new NetworkStream(client);
            Stream far = new NetworkStream(upstream);
            if (_tls is not null)
            {
                near = await _tls.AcceptAsync(near, _stopping.Token);
                far = await _tls.ConnectAsync(far, _target.Host, _stopping.Token);
            }
            var fromClient = new HttpBytes(near);
            var fromTarget = new HttpBytes(far);
            while (await PassAsync(near, far, fromClient, fromTarget) is { } cut)
            {
                if (cut.Cut != CutPhase.None)
                {
                    Interlocked.Increment(ref _cuts);
                    End(client, cut.Reset);
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away: so does the other.
        }
        finally
        {
            client.Dispose();
        }
    }

    /// <summary>Passes one request and its answer on, up to where it is cut.</summary>
    /// <returns>The fault; null when the client sends no more.</returns>
    private async Task<ProxyFault?> PassAsync(Stream client, Stream upstream, HttpBytes fromClient, HttpBytes fromTarget)
    {
        CancellationToken stop = _stopping.Token;
        if (await fromClient.HeadAsync(stop) is not { } head)
        {
            return null;
        }
        Interlocked.Increment(ref _requests);
        ProxyFault fault = _decide(HttpBytes.FirstLine(head));
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, TimeProvider.System, stop);
        }
        if (fault.Cut == CutPhase.BeforeRequest)
        {
            return fault;
        }
        if (fault.Instead is { } instead)
        {
            await fromClient.BodyAsync(head, stop);
            await client.WriteAsync(instead, stop);
            return ProxyFault.None;
        }
        await upstream.WriteAsync(head, stop);
        if (fault.Cut == CutPhase.AfterHead)
        {
            return fault;
        }
        await upstream.WriteAsync(await fromClient.BodyAsync(head, stop), stop);
        if (fault.Cut == CutPhase.AfterRequest)
        {
            return fault;
        }
        byte[] answer = await fromTarget.HeadAsync(stop) ?? throw new IOException("The target ended without an answer.");
        byte[] body = await fromTarget.BodyAsync(answer, stop);
        answer = fault.MoreHeaders is { } more ? With(answer, more) : answer;
        if (fault.Cut == CutPhase.BeforeAnswer)
        {
            return fault;
        }
        await SendAsync(client, fault.Cut == CutPhase.InAnswerHead ? answer[..(answer.Length / 2)] : answer, fault);
        if (fault.Cut != CutPhase.InAnswerHead)
        {
            await SendAsync(client, fault.Cut == CutPhase.InAnswerBody ? body[..(body.Length / 2)] : body, fault);
        }
        return fault;
    }

    private async Task SendAsync(Stream client, byte[] bytes, ProxyFault fault)
    {
        int piece = fault.BytesPerSecond is { } speed ? Math.Max(1, speed / 10) : Math.Max(1, bytes.Length);
        for (int at = 0; at < bytes.Length; at += piece)
        {
            await client.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)), _stopping.Token);
            if (fault.BytesPerSecond is not null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _stopping.Token);
            }
        }
    }

    private static byte[] With(byte[] head, IReadOnlyDictionary<string, string> headers)
    {
        string[] kept = [.. Encoding.ASCII.GetString(head).TrimEnd().Split("\r\n").Where(l => !headers.Keys.Any(h => l.StartsWith($"{h}:", StringComparison.OrdinalIgnoreCase)))];
        return Encoding.ASCII.GetBytes(string.Join("\r\n", [.. kept, .. headers.Select(h => $"{h.Key}: {h.Value}"), "", ""]));
    }

    private static void End(Socket client, bool reset)
    {
        if (reset)
        {
            client.LingerState = new LingerOption(true, 0);
        }
        else
        {
            client.Shutdown(SocketShutdown.Both);
        }
        client.Close();
    }

    /// <summary>Reads HTTP/1.1 messages off a stream, keeping what belongs to the next.</summary>
    private sealed class HttpBytes(Stream stream)
    {
        private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
        private byte[] _rest = [];

        public static string FirstLine(byte[] head) => Encoding.ASCII.GetString(head).Split('\r')[0];

        public async Task<byte[]?> HeadAsync(CancellationToken cancellationToken)
        {
            int end;
            while ((end = _rest.AsSpan().IndexOf(EndOfHead)) < 0)
            {
                if (!await MoreAsync(cancellationToken))
                {
                    return null;
                }
            }
            return Take(end + EndOfHead.Length);
        }

        public async Task<byte[]> BodyAsync(byte[] head, CancellationToken cancellationToken)
        {
            int length = Length(head);
            while (_rest.Length < length)
            {
                if (!await MoreAsync(cancellationToken))
                {
                    throw new IOException("The message ends in its body.");
                }
            }
            return Take(length);
        }

        private static int Length(byte[] head)
        {
            const string name = "content-length:";
            string? line = Encoding.ASCII.GetString(head).Split("\r\n").FirstOrDefault(l => l.StartsWith(name, StringComparison.OrdinalIgnoreCase));
            return line is null ? 0 : int.Parse(line.AsSpan(name.Length).Trim(), CultureInfo.InvariantCulture);
        }

        private byte[] Take(int count)
        {
            byte[] taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }

        private async Task<bool> MoreAsync(CancellationToken cancellationToken)
        {
            byte[] buffer = new byte[16 * 1024];
            int count = await stream.ReadAsync(buffer, cancellationToken);
            _rest = [.. _rest, .. buffer.AsSpan(0, count)];
            return count > 0;
        }
    }
}
