using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Bench.Load;

/// <summary>
/// The bare floor: verify, append to a journal with group commit, answer, map by hand, forward. What nobody can be faster than while keeping
/// the first promise; it has no retry, no history, no encryption, and does not recover.
/// </summary>
internal static class Floor
{
    private const int Forwarders = 32;
    private static readonly byte[] Accepted = Encoding.UTF8.GetBytes("""{"status":"accepted"}""");

    /// <summary>Serves until stopped.</summary>
    /// <param name="args"><c>--port</c>, <c>--target</c> (URL), <c>--secret</c>, <c>--journal</c> (file).</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        string Value(string name) => args[Array.IndexOf(args, name) + 1];
        byte[] secret = Encoding.UTF8.GetBytes(Value("--secret"));
        using var journal = new Journal(Value("--journal"));
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Forwarders, UseProxy = false, AllowAutoRedirect = false });
        var target = new Uri(Value("--target"));
        var work = Channel.CreateUnbounded<byte[]>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(int.Parse(Value("--port"), CultureInfo.InvariantCulture)));
        await using WebApplication app = builder.Build();
        app.MapPost("/hook", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            byte[] bytes = body.ToArray();
            if (!IsSigned(secret, bytes, context.Request.Headers["Signature"].ToString()))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }
            await journal.AppendAsync(bytes);
            await work.Writer.WriteAsync(bytes, CancellationToken.None);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Accepted.Length;
            await context.Response.BodyWriter.WriteAsync(Accepted, CancellationToken.None);
        });
        Task[] forwarders = [.. Enumerable.Range(0, Forwarders).Select(_ => Task.Run(() => ForwardAsync(work, http, target, journal, cancellationToken), cancellationToken))];
        await ((IHost)app).RunAsync(cancellationToken);
        work.Writer.Complete();
        await Task.WhenAll(forwarders);
        return 0;
    }

    private static bool IsSigned(byte[] secret, byte[] body, string signature)
    {
        const string Prefix = "sha256 ";
        return signature.StartsWith(Prefix, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, body), Convert.FromHexString(signature.AsSpan(Prefix.Length)));
    }

    private static async Task ForwardAsync(Channel<byte[]> work, HttpClient http, Uri target, Journal journal, CancellationToken cancellationToken)
    {
        await foreach (byte[] body in work.Reader.ReadAllAsync(CancellationToken.None))
        {
            using var content = new ByteArrayContent(Map(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage answer = await http.PostAsync(target, content, cancellationToken);
            answer.EnsureSuccessStatusCode();
            journal.Done();
        }
    }

    private static byte[] Map(byte[] body)
    {
        JsonElement application = JsonElement.Parse(body).GetProperty("payload").GetProperty("application");
        JsonElement candidate = application.GetProperty("candidate");
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("candidate");
            json.WriteString("email", candidate.GetProperty("email_addresses")[0].GetProperty("value").GetString());
            json.WriteString("name", $"{candidate.GetProperty("first_name").GetString()} {candidate.GetProperty("last_name").GetString()}");
            json.WriteString("phone", candidate.GetProperty("phone_numbers")[0].GetProperty("value").GetString());
            json.WriteEndObject();
            json.WriteString("job_id", application.GetProperty("jobs")[0].GetProperty("id").ToString());
            json.WriteString("interview_kit_id", application.GetProperty("current_stage").GetProperty("interviews")[0].GetProperty("interview_kit").GetProperty("id").GetString());
            json.WriteBoolean("send_immediately", true);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
