using System.Net;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>Deliveries that another machine sends without TLS.</summary>
public sealed class PlainHttpTests
{
    private const string ByToken = """{ "token": { "setting": "secret", "header": "X-Token" }, "type": "/event" }""";
    private const string Token = "k3F9-qa_0Zr7LmN2pTxV5w";

    private static readonly byte[] Body = """{"event":"made","id":"1"}"""u8.ToArray();
    private static readonly IPAddress Afar = IPAddress.Parse("203.0.113.7");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("::ffff:203.0.113.7")]
    [InlineData("10.0.0.7")]
    [InlineData("2001:db8::7")]
    public async Task Hook_PlainFromAnotherMachine_421LoggedAndNothingStored(string sender)
    {
        await using HookRig rig = await StartAsync();
        rig.Sender = IPAddress.Parse(sender);

        (int status, string text) = await rig.PostAsync("/hooks/token", Body, ("X-Token", Token));

        (status, (string?)JsonNode.Parse(text)!["code"]).ShouldBe((421, "https_required"));
        rig.Refusals.Lines.ShouldHaveSingleItem().ShouldStartWith($"1001 Warning: A delivery for token was refused with 421: https_required ({Body.Length} bytes, trace ");
        (await rig.EventsAsync()).ShouldBe(0);
    }

    /// <summary>Anybody can write this header; only a proxy that is named is believed.</summary>
    [Fact]
    public async Task Hook_StrangerWhoSaysThatItWasHttps_IsNotBelieved()
    {
        await using HookRig rig = await StartAsync();
        rig.Sender = Afar;

        (await rig.PostAsync("/hooks/token", Body, ("X-Token", Token), ("X-Forwarded-Proto", "https"))).Status.ShouldBe(421);
    }

    [Fact]
    public async Task Hook_PlainFromAnotherMachine_IsRefusedBeforeItsBodyIsRead()
    {
        await using HookRig rig = await StartAsync();
        rig.Sender = Afar;
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        var body = new UnaskedBody();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{rig.Address}/hooks/token") { Content = body };
        request.Headers.ExpectContinue = true;
        request.Headers.Add("X-Token", Token);

        using HttpResponseMessage answer = await client.SendAsync(request, Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
        body.WasSent.ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Hook_PlainFromThisMachine_IsTaken(string sender)
    {
        await using HookRig rig = await StartAsync();
        rig.Sender = IPAddress.Parse(sender);

        (await rig.PostAsync("/hooks/token", Body, ("X-Token", Token))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Hook_PlainFromAnotherMachine_IsTakenWhereThatIsAsked()
    {
        await using HookRig rig = await StartAsync(acceptsPlainHttp: true);
        rig.Sender = Afar;

        (await rig.PostAsync("/hooks/token", Body, ("X-Token", Token))).Status.ShouldBe(200);

        (await rig.EventsAsync()).ShouldBe(1);
    }

    private static async Task<HookRig> StartAsync(bool acceptsPlainHttp = false)
    {
        HookRig rig = await HookRig.StartAsync(acceptsPlainHttp, ("token", ByToken));
        rig.Secrets["secret"] = Token;
        return rig;
    }

    /// <summary>A body that is sent only when the receiver asks for it; a small one would be sent all the same.</summary>
    private sealed class UnaskedBody : HttpContent
    {
        private const int Bytes = 4096;

        public bool WasSent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasSent = true;
            return stream.WriteAsync(new byte[Bytes], 0, Bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Bytes;
            return true;
        }
    }
}
