using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>One call is one send, and what cannot be known is not claimed.</summary>
public sealed class HttpPathSendTests : IDisposable
{
    private const string Good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static readonly TargetPolicy Loose = new(AllowLoopback: true, AllowPlainHttp: true);
    private readonly HttpPath _path = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _path.Dispose();

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Send_ServerHangsUpAfterReading_SentOnceAndUnknown(string method)
    {
        await using var server = new RawServer((_, _, _) => Task.FromResult(false));
        for (int i = 1; i <= 5; i++)
        {
            HttpAnswer answer = await SendAsync(server.Url, method);

            (answer.Code, answer.MayHaveArrived).ShouldBe(("connection_lost", true));
            server.Requests.Count.ShouldBe(i);
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Send_KeptConnectionHangsUpAfterReading_SentOnceAndUnknown(string method)
    {
        await using var server = new RawServer((request, stream, _) =>
            request.StartsWith("GET /first", StringComparison.Ordinal) ? RawServer.SayAsync(stream, Good, keep: true) : Task.FromResult(false));
        await SendAsync(new Uri(server.Url, "first"), "GET");

        HttpAnswer answer = await SendAsync(server.Url, method);

        (answer.Code, answer.MayHaveArrived).ShouldBe(("connection_lost", true));
        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Send_KeptConnectionWasClosedWhileIdle_NewConnectionAndSentOnce(string method)
    {
        await using var server = new RawServer((_, stream, _) => RawServer.SayAsync(stream, Good, keep: false));
        await SendAsync(server.Url, "GET");
        await server.HungUp.Task.WaitAsync(Stop);

        HttpAnswer answer = await SendAsync(server.Url, method);

        // The close may reach us before or after the connection is taken again: then it is unknown, never sent twice.
        (answer.Response?.Status is 200 || answer is { Code: "connection_lost" }).ShouldBeTrue(answer.Code);
        server.Requests.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Send_ManyRequests_OneConnection()
    {
        await using var server = new RawServer((_, stream, _) => RawServer.SayAsync(stream, Good, keep: true));
        for (int i = 0; i < 5; i++)
        {
            (await SendAsync(server.Url, "POST")).Response.ShouldNotBeNull();
        }

        server.Connections.ShouldBe(1);
        server.Requests.ShouldAllBe(r => r.Contains("HTTP/1.1\r\n", StringComparison.Ordinal) && r.Contains("Content-Length: 0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X-Note", "a\r\nX-Injected: 1")]
    [InlineData("X-Note", "a\nb")]
    [InlineData("X-Note", "a\0b")]
    [InlineData("X-Note", "Zoë")]
    [InlineData("User-Agent", "a\r\nb")]
    [InlineData("If-Match", "not quoted")]
    [InlineData("No Token", "a")]
    [InlineData("Expires", "now")]
    public async Task Send_HeaderThatCannotBeSent_NothingIsSent(string name, string value)
    {
        await using var server = new RawServer((_, stream, _) => RawServer.SayAsync(stream, Good, keep: true));

        HttpAnswer answer = await _path.SendAsync(new ConnectorRequest("POST", server.Url, [new(name, value)], default), Loose, TimeSpan.FromSeconds(20), Stop);

        (answer.Code, answer.MayHaveArrived).ShouldBe(("invalid_header_value", false));
        answer.Detail.ShouldNotBeNull().ShouldContain($"'{name}'");
        server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Send_AnswerOverTheLimit_TooLarge()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => response.Body.WriteAsync(new byte[HttpPath.MaxResponseBytes + 1]).AsTask());

        HttpAnswer answer = await SendAsync(new Uri(server.Url), "GET");

        (answer.Code, answer.MayHaveArrived, answer.Detail).ShouldBe(("response_too_large", true, "The answer is larger than 10485760 bytes."));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(3_000_007)]
    [InlineData(HttpPath.MaxResponseBytes)]
    public async Task Send_AnswerWithinTheLimit_IsWhole(int length)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];
        foreach (bool isSized in (bool[])[true, false])
        {
            await using RemoteServer server = await RemoteServer.StartAsync((_, response) =>
            {
                response.ContentLength = isSized ? length : null;
                return response.Body.WriteAsync(body).AsTask();
            });

            HttpAnswer answer = await SendAsync(new Uri(server.Url), "GET");

            answer.Response.ShouldNotBeNull().Body.Span.SequenceEqual(body).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Send_GzipBomb_TooLarge()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[64 * 1024 * 1024], Stop);
        }
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) =>
        {
            response.Headers.ContentEncoding = "gzip";
            return response.Body.WriteAsync(packed.ToArray()).AsTask();
        });

        (await SendAsync(new Uri(server.Url), "GET")).Code.ShouldBe("response_too_large");
    }

    [Fact]
    public async Task Send_BrokenGzip_UnreadableAndUnknown()
    {
        await using var server = new RawServer((_, stream, _) => RawServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde", keep: true));

        HttpAnswer answer = await SendAsync(server.Url, "POST");

        (answer.Code, answer.MayHaveArrived).ShouldBe(("response_unreadable", true));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("not http at all\r\n\r\n")]
    public async Task Send_AnswerBreaksOff_ConnectionLostAndUnknown(string text)
    {
        await using var server = new RawServer((_, stream, _) => RawServer.SayAsync(stream, text, keep: false));

        HttpAnswer answer = await SendAsync(server.Url, "POST");

        (answer.Code, answer.MayHaveArrived, answer.Response).ShouldBe(("connection_lost", true, null));
    }

    [Fact]
    public async Task Send_AnswerDoesNotEnd_TimeoutAndUnknown()
    {
        var time = new FakeTimeProvider();
        using var path = new HttpPath(time);
        var begun = new TaskCompletionSource();
        await using var server = new RawServer(async (_, stream, stop) =>
        {
            await RawServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\na", keep: true);
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return false;
        });
        Task<HttpAnswer> sending = path.SendAsync(new ConnectorRequest("POST", server.Url, [], default), Loose, TimeSpan.FromSeconds(30), Stop);
        await begun.Task.WaitAsync(Stop);
        sending.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(31));

        HttpAnswer answer = await sending;
        (answer.Code, answer.MayHaveArrived, answer.Detail).ShouldBe(("timeout", true, "No complete answer within 30 s."));
    }

    [Fact]
    public async Task Send_ConnectionIsNeverMade_TimeoutAndCertainlyNotSent()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var target = (IPEndPoint)full.LocalEndPoint!;
        // A backlog that is full makes further connections wait.
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(target, Stop);

        HttpAnswer answer = await _path.SendAsync(
            new ConnectorRequest("POST", new Uri($"http://{target}/"), [], default), Loose, TimeSpan.FromMilliseconds(200), Stop);

        (answer.Code, answer.MayHaveArrived).ShouldBe(("timeout", false));
    }

    [Fact]
    public async Task Send_CallerGivesUp_Throws()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var server = new RawServer(async (_, _, stop) =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return false;
        });

        await Should.ThrowAsync<OperationCanceledException>(() =>
            _path.SendAsync(new ConnectorRequest("POST", server.Url, [], default), Loose, TimeSpan.FromSeconds(20), caller.Token));
    }

    private Task<HttpAnswer> SendAsync(Uri url, string method) =>
        _path.SendAsync(new ConnectorRequest(method, url, [], default), Loose, TimeSpan.FromSeconds(20), Stop);
}
