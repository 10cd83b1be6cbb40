using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The only retry inside an attempt is for connections that were never made.</summary>
public sealed class RequestSenderTests
{
    private static readonly HttpAnswer Good = new(new ConnectorResponse(200, new Dictionary<string, IReadOnlyList<string>>(), "{}"u8.ToArray()), true, null, null, TimeSpan.Zero);

    [Fact]
    public async Task Send_NotConnectedTwice_ConnectsAgainWithinTheAttempt()
    {
        var path = new ScriptedPath(NotConnected(), NotConnected(), Good);

        Exchange exchange = await SendAsync(path);

        (exchange.Outcome, path.Sent).ShouldBe((OperationOutcome.Confirmed, 3));
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("connection_lost")]
    public async Task Send_MayHaveArrived_IsNotRepeated(string code)
    {
        var path = new ScriptedPath(new HttpAnswer(null, true, code, null, TimeSpan.Zero), Good);

        Exchange exchange = await SendAsync(path);

        (exchange.Outcome, exchange.Code, path.Sent).ShouldBe((OperationOutcome.Unknown, code, 1));
    }

    private static HttpAnswer NotConnected() => new(null, false, "not_connected", null, TimeSpan.Zero);

    private static async Task<Exchange> SendAsync(ScriptedPath path)
    {
        var time = new FakeTimeProvider();
        var budgets = new RecordedBudgets();
        var secrets = new ConnectionSecrets(new MemorySecretSource(new Dictionary<string, string> { ["apiKey"] = "key-1" }));
        var hosts = new ConnectorHosts(secrets, time, path, budgets, NullLoggerFactory.Instance);
        var sender = new RequestSender(path, budgets, new Authenticator(secrets, new TokenCache(path, budgets, time), hosts), secrets, time);
        var request = new ConnectorRequest("GET", new Uri("https://api.example/v1/interviews/1"), [], ReadOnlyMemory<byte>.Empty);
        Task<Exchange> sending = sender.SendAsync(Plugins.Connect(Plugins.Aria, """{"baseUrl":"https://api.example/v1"}"""), request, null, TestContext.Current.CancellationToken);
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await sending;
    }

    private sealed class ScriptedPath(params HttpAnswer[] answers) : IHttpPath
    {
        public int Sent { get; private set; }

        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            Task.FromResult(answers[Sent++]);
    }
}
