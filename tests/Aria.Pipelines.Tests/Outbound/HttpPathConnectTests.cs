using System.Net;
using System.Net.Sockets;
using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>The only retry inside an attempt is for connections that were never made.</summary>
public sealed class HttpPathConnectTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Send_TargetListensAMomentLater_ConnectsWithinTheAttempt()
    {
        var time = new SignallingTime();
        using var path = new HttpPath(time);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var request = new ConnectorRequest("GET", new Uri($"http://127.0.0.1:{port}/"), [], ReadOnlyMemory<byte>.Empty);

        Task<HttpAnswer> sending = path.SendAsync(request, new TargetPolicy(true, true), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await time.Waiting.WaitAsync(TestContext.Current.CancellationToken);
        using var late = new TcpListener(IPAddress.Loopback, port);
        late.Start();
        Task answered = AnswerAsync(late);
        time.Advance(Pause);

        (await sending).Response!.Status.ShouldBe(204);
        await answered;
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
    }

    /// <summary>Says when somebody waits for the pause before the second try.</summary>
    private sealed class SignallingTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => _waiting.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Pause)
            {
                _waiting.TrySetResult();
            }
            return timer;
        }
    }
}
