using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Faults.Campaigns.Remote;

/// <summary>F9. A request without a body is read, and the connection closes without an answer. The HTTP library sends such a request again by itself, up to three times; through our path the target sees it once.</summary>
internal sealed class HiddenResends : Campaign
{
    private static readonly string[] Methods = ["POST", "PATCH", "DELETE"];

    public override string Id => "F9";

    public override string Title => "body-less writes, connection closed after they were read";

    public override int FullCount => 50;

    public override int CiCount => 50;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        using var path = new HttpPath(TimeProvider.System);
        await using var target = new RawTarget();
        var policy = new TargetPolicy(AllowLoopback: true, AllowPlainHttp: true);
        for (int i = 0; i < settings.Count; i++)
        {
            string method = Methods[i % Methods.Length];
            if (i % 2 == 0)
            {
                // A used connection is where the library is most eager to send again.
                target.Answer = (_, stream, stop) => RawTarget.JsonAsync(stream, 200, "{}", stop);
                await SendAsync("GET");
            }
            target.Answer = (_, _, _) => Task.FromResult(false);
            target.Requests.Clear();
            HttpAnswer answer = await SendAsync(method);
            tally.Demand(target.Requests.Count == 1, settings.Seed, $"{method} without a body, on a {(i % 2 == 0 ? "used" : "new")} connection, was seen {target.Requests.Count} times.");
            tally.Demand(answer is { Response: null, MayHaveArrived: true }, settings.Seed, $"{method}: the answer is {answer}, not one that may have arrived.");
            tally.Fault();
            tally.Trial();
        }

        Task<HttpAnswer> SendAsync(string method) => path.SendAsync(
            new ConnectorRequest(method, target.Url, [], ReadOnlyMemory<byte>.Empty), policy, TimeSpan.FromSeconds(20), cancellationToken);
    }
}
