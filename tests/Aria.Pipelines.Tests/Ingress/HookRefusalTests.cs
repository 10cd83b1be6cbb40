using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Ingress;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>What a sender is told whose delivery is not taken: which code, and nothing that it need not know.</summary>
public sealed class HookRefusalTests
{
    private const string Packed = """{ "signature": { "header": "S", "algorithm": "hmac-sha256", "secret": "secret" }, "type": "/event", "encoding": "gzip" }""";
    private const string ByToken = """{ "token": { "setting": "secret", "header": "X-Token" }, "type": "/event" }""";

    private static readonly byte[] Body = """{"event":"made","id":"1"}"""u8.ToArray();

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(-6)]
    [InlineData(-1)]
    public async Task Gzip_WithOneByteChanged_IsBadEncodingAndNothingIsStored(int at)
    {
        await using HookRig rig = await HookRig.StartAsync(("packed", Packed));
        byte[] packed = Pack(Body);
        packed[at < 0 ? packed.Length + at : at] ^= 0xFF;

        (int status, string text) = await rig.PostAsync("/hooks/packed", packed, ("Content-Encoding", "gzip"), ("S", "00"));

        (status, Code(text)).ShouldBe((400, "bad_encoding"));
        (await rig.EventsAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\u001f\u008b")]
    public async Task Gzip_ThatIsNone_IsBadEncoding(string text)
    {
        await using HookRig rig = await HookRig.StartAsync(("packed", Packed));

        (int status, string answer) = await rig.PostAsync("/hooks/packed", Encoding.Latin1.GetBytes(text), ("Content-Encoding", "gzip"), ("S", "00"));

        (status, Code(answer)).ShouldBe((400, "bad_encoding"));
    }

    [Fact]
    public async Task Gzip_ThatStandsForMore_IsTooLargeAndNotBroken()
    {
        await using HookRig rig = await HookRig.StartAsync(("packed", Packed));
        byte[] bomb = Pack(new byte[50 * 1024 * 1024]);
        bomb.Length.ShouldBeLessThan(WebhookEndpoint.MaxBodyBytes);

        (int status, string text) = await rig.PostAsync("/hooks/packed", bomb, ("Content-Encoding", "gzip"), ("S", "00"));

        (status, Code(text)).ShouldBe((413, "payload_too_large"));
        (await rig.EventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Token_SecretIsMissing_503AndNothingIsStoredUntilItIsThere()
    {
        const string Strong = "k3F9-qa_0Zr7LmN2pTxV5w";
        await using HookRig rig = await HookRig.StartAsync(("token", ByToken));
        rig.Secrets.Remove("secret");

        (int status, string text) = await rig.PostAsync("/hooks/token", Body, ("X-Token", Strong));

        (status, Code(text)).ShouldBe((503, "secret_not_found"));
        (await rig.EventsAsync()).ShouldBe(0);
        rig.Secrets["secret"] = Strong;
        (await rig.PostAsync("/hooks/token", Body, ("X-Token", Strong))).Status.ShouldBe(200);
        (await rig.EventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Source_ThatIsNotThereOrTakesNoDeliveries_OneAndTheSameAnswer()
    {
        await using HookRig rig = await HookRig.StartAsync(("token", ByToken), ("silent", null));

        (int Status, string Text) unknown = await rig.PostAsync("/hooks/nobody", Body);
        (int Status, string Text) silent = await rig.PostAsync("/hooks/silent", Body);
        (int Status, string Text) odd = await rig.PostAsync("/hooks/..%2fsilent", Body, ("S", "00"));

        (unknown.Status, Code(unknown.Text)).ShouldBe((404, "unknown_source"));
        Told(silent).ShouldBe(Told(unknown));
        Told(odd).ShouldBe(Told(unknown));
    }

    /// <summary>All of the answer but what differs for every request.</summary>
    private static string Told((int Status, string Text) answer)
    {
        JsonObject problem = JsonNode.Parse(answer.Text)!.AsObject();
        problem.Remove("traceId").ShouldBeTrue();
        return $"{answer.Status} {problem.ToJsonString()}";
    }

    private static string? Code(string text) => (string?)JsonNode.Parse(text)!["code"];

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }
        return packed.ToArray();
    }
}
