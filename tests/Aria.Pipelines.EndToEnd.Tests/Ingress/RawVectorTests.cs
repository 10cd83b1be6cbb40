using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>Bytes that no honest sender sends, over a socket.</summary>
public sealed class RawVectorTests
{
    // One byte a second for nine seconds: what Kestrel does with it is not worth the time of every test run.
    private const string TooSlow = "slow body 1 B/s";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hook_EveryRawRequest_RefusedWithoutACrashAndNothingStored()
    {
        await using Loop loop = await Loop.StartAsync();
        var answers = new List<string>();
        using var vectors = JsonDocument.Parse(await File.ReadAllBytesAsync(Vectors.File("raw-http-requests.json"), Stop));
        foreach (JsonElement vector in vectors.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("name").GetString() != TooSlow))
        {
            string answer = await AskAsync(loop.Address, Redirected(Bytes(vector)), hangUp: vector.TryGetProperty("parts", out _));
            answers.Add($"{vector.GetProperty("name").GetString()}: {answer}");
        }

        answers.ShouldNotContain(a => a.Contains(": HTTP/1.1 5", StringComparison.Ordinal));
        answers.ShouldNotContain(a => a.Contains(": HTTP/1.1 2", StringComparison.Ordinal), "nothing of it is signed");
        StatusOf(answers, "content-length 2 MiB (limit 1)").ShouldBe("413");
        StatusOf(answers, "gzip bomb 50 MiB").ShouldBe("415");
        StatusOf(answers, "gzip garbage").ShouldBe("415");
        StatusOf(answers, "unknown content-encoding").ShouldBe("415");
        StatusOf(answers, "64 KiB header").ShouldBe("431");
        StatusOf(answers, "200 headers").ShouldBe("431");
        StatusOf(answers, "path traversal encoded").ShouldBe("404");
        StatusOf(answers, "json utf-16 charset").ShouldBe("415");
        StatusOf(answers, "json wrong content-type").ShouldBe("415");
        foreach (string name in (string[])["two Content-Length", "TE chunked, identity", "TE xchunked", "NUL in header", "bare CR in header", "two Host", "no Host", "path NUL"])
        {
            StatusOf(answers, name).ShouldBe("400", name);
        }
        (await loop.Store.CountAsync(Stop)).Events.Values.Sum().ShouldBe(1, "the ping of the sandbox");
        (await loop.Http.GetAsync(new Uri(loop.Address, "/health/ready"), Stop)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Hook_EveryJsonBodySigned_Is200AndKeptAsEventOrQuarantined()
    {
        await using Loop loop = await Loop.StartAsync();
        string[] files = [.. Directory.EnumerateFiles(Vectors.File("json-parsing/test_parsing")).Order(StringComparer.Ordinal)];
        var states = new Dictionary<string, string>();
        foreach (string file in files)
        {
            HttpResponseMessage answer = await loop.DeliverAsync(await File.ReadAllBytesAsync(file, Stop));
            ((int)answer.StatusCode).ShouldBe(200, file);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Stop));
            states[Path.GetFileName(file)] = body.RootElement.GetProperty("status").GetString()!;
        }

        files.Length.ShouldBe(318);
        StoreCounts counts = await loop.Store.CountAsync(Stop);
        // Some files have equal bytes; one event more is the ping of the sandbox.
        (counts.Events.Values.Sum() + counts.DuplicateDeliveries).ShouldBe(319);
        states.Where(s => s.Key.StartsWith("n_", StringComparison.Ordinal)).ShouldAllBe(s => s.Value == "quarantined" || s.Value == "duplicate");
        states["y_object_basic.json"].ShouldBe("accepted");
        states["y_array_empty.json"].ShouldBe("quarantined", "an event is an object");
        states["y_object_duplicated_key.json"].ShouldBe("quarantined");
        (await loop.DeliverAsync("{}"u8.ToArray())).IsSuccessStatusCode.ShouldBeTrue();
    }

    /// <summary>The vectors speak to paths of another program; here they meet a source that verifies, as JSON unless they say otherwise.</summary>
    private static byte[] Redirected(byte[] request)
    {
        string text = Encoding.Latin1.GetString(request)
            .Replace("POST /hook/a ", "POST /hooks/greenhouse ", StringComparison.Ordinal)
            .Replace("POST /json ", "POST /hooks/greenhouse ", StringComparison.Ordinal)
            .Replace("POST /hook/", "POST /hooks/", StringComparison.Ordinal);
        if (!text.Contains("Content-Type:", StringComparison.Ordinal))
        {
            text = text.Replace(" HTTP/1.1\r\n", " HTTP/1.1\r\nContent-Type: application/json\r\n", StringComparison.Ordinal);
        }
        return Encoding.Latin1.GetBytes(text);
    }

    private static byte[] Bytes(JsonElement vector)
    {
        if (vector.TryGetProperty("base64", out JsonElement encoded))
        {
            return encoded.GetBytesFromBase64();
        }
        if (vector.TryGetProperty("text", out JsonElement text))
        {
            return Encoding.Latin1.GetBytes(text.GetString()!);
        }
        if (vector.TryGetProperty("parts", out JsonElement parts))
        {
            return [.. parts.EnumerateArray().SelectMany(p => Encoding.Latin1.GetBytes(p.GetProperty("text").GetString()!))];
        }
        JsonElement build = vector.GetProperty("build");
        int size = build.GetProperty("chunk_bytes").GetInt32();
        byte[] chunk = [.. Encoding.Latin1.GetBytes($"{size:x}\r\n"), .. Enumerable.Repeat((byte)'x', size), .. "\r\n"u8];
        return [.. Encoding.Latin1.GetBytes(build.GetProperty("head").GetString()!), .. Enumerable.Repeat(chunk, build.GetProperty("chunks").GetInt32()).SelectMany(c => c), .. "0\r\n\r\n"u8];
    }

    /// <summary>The first line of the answer, or that there was none.</summary>
    private static async Task<string> AskAsync(Uri address, byte[] request, bool hangUp)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Stop);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, Stop);
            if (hangUp)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // Refused before everything was sent: the answer is what counts.
        }
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadLineAsync(Stop) ?? "closed";
        }
        catch (IOException)
        {
            return "reset";
        }
    }

    private static string StatusOf(List<string> answers, string name) => answers.Single(a => a.StartsWith(name + ": ", StringComparison.Ordinal)).Split(": HTTP/1.1 ")[^1].Split(' ')[0];
}
