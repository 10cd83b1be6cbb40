using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>Deliveries that are authentic, in transport and text that are not as they should be.</summary>
public sealed class SignedTransportTests
{
    private const string Body = """{"action":"ping","n":7}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hook_LoneLineFeedInAChunkExtension_400AndTheConnectionIsClosed()
    {
        await using Loop loop = await Loop.StartAsync();

        // A proxy that takes the line feed for the end of the line sees one request, a server that does not sees two: CVE-2025-55315.
        string[] answers = await AskAsync(loop, $"Transfer-Encoding: chunked\r\n\r\n{Body.Length:x};\nxx\r\n{Body}\r\n0\r\n\r\n");

        answers.ShouldHaveSingleItem().ShouldBe("400");
        (await EventsAsync(loop)).ShouldBe(0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(23)]
    [InlineData(500)]
    public async Task Hook_ContentLengthBesideChunks_OneRequestIsOneEventAndTheConnectionIsClosed(int length)
    {
        await using Loop loop = await Loop.StartAsync();

        // Without closing, what follows the chunks or the length could be read as somebody else's request.
        string[] answers = await AskAsync(loop, $"Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n", close: true);

        answers.ShouldHaveSingleItem().ShouldBe("200");
        (await EventsAsync(loop)).ShouldBe(1);
    }

    /// <summary>The cases of JSONTestSuite that parsers may treat as they like: whatever they are, what came is kept, and broken text is called so.</summary>
    [Fact]
    public async Task Hook_JsonThatParsersDisagreeOn_KeptByteForByteAndBrokenTextIsInvalidUnicode()
    {
        await using Loop loop = await Loop.StartAsync();
        var codes = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Vectors.File("json-parsing/test_parsing"), "i_*"))
        {
            byte[] sent = await File.ReadAllBytesAsync(file, Stop);
            using HttpResponseMessage answer = await loop.DeliverAsync(sent);
            string id = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["events"]![0]!;
            EventDetail kept = (await loop.Store.Views.FindEventAsync(id, Stop)).ShouldNotBeNull();
            kept.Body.ShouldBe(sent, Path.GetFileName(file));
            codes[Path.GetFileNameWithoutExtension(file)] = kept.Event.Code;
        }

        codes.Count.ShouldBe(35);
        codes.ShouldAllBe(c => (c.Value == "invalid_unicode") == (c.Key.StartsWith("i_string", StringComparison.Ordinal) || c.Key.StartsWith("i_object_key_lone", StringComparison.Ordinal)));
        codes["i_structure_UTF-8_BOM_empty_object"].ShouldBeNull("it is good JSON behind its mark");
    }

    private static async Task<long> EventsAsync(Loop loop) => (await loop.Store.CountAsync(Stop)).Events.Values.Sum() - 1;

    /// <summary>Sends a signed request that goes on as given, and reads until the connection is closed; the status of each answer.</summary>
    private static async Task<string[]> AskAsync(Loop loop, string rest, bool close = false)
    {
        string signature = "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(GreenhouseDemo.HookSecret), Encoding.UTF8.GetBytes(Body)));
        string head = $"POST /hooks/greenhouse HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nSignature: {signature}\r\n{(close ? "Connection: close\r\n" : "")}";
        using var client = new TcpClient();
        await client.ConnectAsync(loop.Address.Host, loop.Address.Port, Stop);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head + rest), Stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        string all = await reader.ReadToEndAsync(Stop);
        return [.. all.Split("HTTP/1.1 ").Skip(1).Select(a => a[..3])];
    }
}
