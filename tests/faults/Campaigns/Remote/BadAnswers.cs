using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Host.Demo;

namespace Aria.Pipelines.Faults.Campaigns.Remote;

/// <summary>The bad answers of the reference (rows 60 to 62, and every class of status).</summary>
/// <param name="clock">Moved by the answers that take long.</param>
/// <param name="elsewhere">Where redirects point to.</param>
internal sealed class BadAnswers(DemoClock clock, Uri elsewhere)
{
    private static readonly byte[] Bomb = GzipOfZeros(50 * 1024 * 1024);

    // More than any attempt may take in the small workspace.
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(100);

    // What the engine waits when a limit says nothing, or nothing that can be understood.
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(30);

    public IReadOnlyList<BadAnswer> All { get; } = [.. Limits(), .. Failures(), .. Refusals(elsewhere), .. Bodies(), .. Slow(clock)];

    private static IEnumerable<BadAnswer> Limits() =>
    [
        BadAnswer.Limited("429", null, Unsaid),
        BadAnswer.Limited("429, Retry-After 120", "120", TimeSpan.FromSeconds(120)),
        BadAnswer.Limited("429, Retry-After of a year", "31536000", TimeSpan.FromHours(1)),
        BadAnswer.Limited("429, Retry-After of 40 digits", new string('9', 40), TimeSpan.FromHours(1)),
        BadAnswer.Limited("429, Retry-After negative", "-5", Unsaid),
        BadAnswer.Limited("429, Retry-After garbage", "soon", Unsaid),
        BadAnswer.Limited("429, Retry-After empty", "", Unsaid),
        BadAnswer.Limited("429, Retry-After in 1999", "Fri, 31 Dec 1999 23:59:59 GMT", TimeSpan.Zero),
        BadAnswer.Limited("429, Retry-After in 2199", "Tue, 31 Dec 2199 23:59:59 GMT", TimeSpan.FromHours(1)),
    ];

    private static IEnumerable<BadAnswer> Failures() =>
    [
        BadAnswer.Status(500), BadAnswer.Status(502), BadAnswer.Status(503), BadAnswer.Status(504), BadAnswer.Status(599),
        BadAnswer.Status(408), BadAnswer.Status(409), BadAnswer.Status(425),
        BadAnswer.Status(503, TimeSpan.FromSeconds(77), "Retry-After: 77\r\n"),
    ];

    private static IEnumerable<BadAnswer> Refusals(Uri elsewhere) =>
    [
        BadAnswer.Refused(400, "remote_rejected"), BadAnswer.Refused(403, "remote_rejected"), BadAnswer.Refused(404, "remote_rejected"),
        BadAnswer.Refused(410, "remote_rejected"), BadAnswer.Refused(422, "remote_rejected"),
        BadAnswer.Refused(301, "redirect_refused", $"Location: {elsewhere}\r\n"),
        BadAnswer.Refused(302, "redirect_refused", "Location: http://169.254.169.254/latest/meta-data\r\n"),
        BadAnswer.Refused(307, "redirect_refused", $"Location: {elsewhere}\r\n"),
        BadAnswer.Refused(308, "redirect_refused", $"Location: {elsewhere}\r\n"),
    ];

    private static IEnumerable<BadAnswer> Bodies() =>
    [
        Unknown("11 MiB", async (stream, stop) =>
        {
            await SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11534336\r\n\r\n", stop);
            return await PourAsync(stream, 11 * 1024 * 1024, "", "", stop);
        }),
        Unknown("an answer without end", async (stream, stop) =>
        {
            await SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", stop);
            return await PourAsync(stream, long.MaxValue, "10000\r\n", "\r\n", stop);
        }),
        Unknown("a gzip bomb", (stream, stop) => GzipAsync(stream, Bomb, stop)),
        Unknown("broken gzip", (stream, stop) => GzipAsync(stream, Bomb[..1000].Select((b, i) => i > 20 ? (byte)~b : b).ToArray(), stop)),
        Unknown("a body that ends early", (stream, stop) => SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":", stop)),
        Unknown("invalid JSON", (stream, stop) => RawTarget.JsonAsync(stream, 200, """{"id":"7" "x"}""", stop)),
        Unknown("duplicate keys", (stream, stop) => RawTarget.JsonAsync(stream, 200, """{"id":"7","id":"8"}""", stop)),
        Unknown("a lone surrogate", (stream, stop) => RawTarget.JsonAsync(stream, 200, """{"id":"\ud800"}""", stop)),
        Unknown("JSON 100,000 deep", (stream, stop) => RawTarget.JsonAsync(stream, 200, new string('[', 100_000) + new string(']', 100_000), stop)),
        Unknown("no body", (stream, stop) => RawTarget.JsonAsync(stream, 200, "", stop)),
        Unknown("no HTTP", (stream, stop) => SayAsync(stream, "SSH-2.0-OpenSSH_9.2\r\n", stop)),
        Unknown("headers of 100 KiB", (stream, stop) => RawTarget.JsonAsync(stream, 200, """{"id":"7"}""", stop, $"X-Big: {new string('a', 100 * 1024)}\r\n")),
    ];

    private static IEnumerable<BadAnswer> Slow(DemoClock clock) =>
    [
        Unknown("no answer", async (stream, stop) =>
        {
            clock.Advance(TooLong);
            return await UntilGoneAsync(stream, stop);
        }),
        Unknown("one byte a second", async (stream, stop) =>
        {
            await SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n", stop);
            for (int i = 0; i < TooLong.TotalSeconds; i++)
            {
                await SayAsync(stream, " ", stop);
                clock.Advance(TimeSpan.FromSeconds(1));
            }
            return await UntilGoneAsync(stream, stop);
        }),
    ];

    private static BadAnswer Unknown(string name, Func<NetworkStream, CancellationToken, Task<bool>> write) => new(name, AnswerMeaning.Unknown, write);

    private static Task<bool> GzipAsync(NetworkStream stream, byte[] body, CancellationToken stop) => SayAsync(
        stream,
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n{Encoding.Latin1.GetString(body)}"),
        stop);

    private static async Task<bool> SayAsync(NetworkStream stream, string text, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);
        return false;
    }

    private static async Task<bool> PourAsync(NetworkStream stream, long length, string before, string behind, CancellationToken stop)
    {
        byte[] piece = [.. Encoding.ASCII.GetBytes(before), .. new byte[0x10000], .. Encoding.ASCII.GetBytes(behind)];
        for (long sent = 0; sent < length; sent += 0x10000)
        {
            await stream.WriteAsync(piece, stop);
        }
        return false;
    }

    /// <summary>Says nothing until the other side gives up.</summary>
    private static async Task<bool> UntilGoneAsync(NetworkStream stream, CancellationToken stop)
    {
        _ = await stream.ReadAsync(new byte[1], stop);
        return false;
    }

    private static byte[] GzipOfZeros(int length)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < length; i += zeros.Length)
            {
                gzip.Write(zeros);
            }
        }
        return packed.ToArray();
    }
}
