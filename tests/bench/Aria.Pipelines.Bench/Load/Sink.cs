using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Bench.Load;

/// <summary>Where the invitations go: notes for every id when it first came and how often.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private const int CheckedEvery = 50;

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""{"id":"inv_1","status":"sent"}""");
    private static readonly byte[] AfterId = Encoding.UTF8.GetBytes("@bench.example");

    private readonly WebApplication _app;
    private readonly long[] _first = new long[Sender.MaxEvents];
    private readonly int[] _counts = new int[Sender.MaxEvents];
    private long _unique;
    private long _seen;
    private long _malformed;

    private Sink(WebApplication app) => _app = app;

    /// <summary>How many ids have come.</summary>
    public long Unique => Interlocked.Read(ref _unique);

    /// <summary>How many of the bodies that were looked at were not what the job says.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    public static async Task<Sink> StartAsync(int port, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        WebApplication app = builder.Build();
        var sink = new Sink(app);
        app.MapPost("/invite", sink.TakeAsync);
        await app.StartAsync(cancellationToken);
        return sink;
    }

    /// <summary>When an id first came, as a timestamp of <see cref="Stopwatch"/>; 0 when it did not.</summary>
    public long FirstOf(long id) => Interlocked.Read(ref _first[id]);

    public int CountOf(long id) => Volatile.Read(ref _counts[id]);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        long now = Stopwatch.GetTimestamp();
        byte[] body = await ReadAsync(http.Request);
        long id = IdIn(body);
        if (id < 0 || (Interlocked.Increment(ref _seen) % CheckedEvery == 0 && !IsRight(body)))
        {
            Interlocked.Increment(ref _malformed);
        }
        if (id >= 0 && Interlocked.Increment(ref _counts[id]) == 1)
        {
            Interlocked.Exchange(ref _first[id], now);
            Interlocked.Increment(ref _unique);
        }
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        await http.Response.BodyWriter.WriteAsync(Answer);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            System.IO.Pipelines.ReadResult read = await request.BodyReader.ReadAsync();
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static long IdIn(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf(AfterId);
        return at >= 10 && long.TryParse(body.Slice(at - 10, 10), out long id) && id < Sender.MaxEvents ? id : -1;
    }

    private static bool IsRight(byte[] body)
    {
        try
        {
            JsonElement invitation = JsonElement.Parse(body);
            JsonElement candidate = invitation.GetProperty("candidate");
            return candidate.GetProperty("name").GetString() == "Giuseppe Hurley"
                && candidate.GetProperty("phone").GetString() == "+1 518-555-0123"
                && invitation.GetProperty("job_id").ToString() == "211706"
                && invitation.GetProperty("interview_kit_id").GetString() == "ik_42a9"
                && invitation.GetProperty("send_immediately").GetBoolean();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
