using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Adp;
using Aria.Pipelines.Sandbox.Certificates;
using Aria.Pipelines.Sandbox.Faults;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>ADP behind mutual TLS: a queue of statuses that is emptied by deleting, and the applications of each day.</summary>
internal sealed class AdpFeedAccount : PolledAccount
{
    private readonly AdpSandbox _sandbox;
    private readonly bool _created;

    private AdpFeedAccount(AdpSandbox sandbox, bool created)
    {
        (_sandbox, _created) = (sandbox, created);
        var defaults = new AdpOptions();
        SandboxCertificate client = sandbox.Authority.IssueClient("ARIA");
        Secrets = new Dictionary<string, string>
        {
            ["client"] = defaults.ClientId, ["secret"] = defaults.ClientSecret, ["certificate"] = client.Pem, ["key"] = client.KeyPem, ["authority"] = sandbox.Authority.Pem,
        };
    }

    public override JsonObject Settings => new()
    {
        ["clientId"] = "${secret:client}", ["clientSecret"] = "${secret:secret}", ["certificate"] = "${secret:certificate}", ["certificateKey"] = "${secret:key}",
        ["baseUrl"] = _sandbox.BaseUrl.ToString().TrimEnd('/'), ["tokenUrl"] = _sandbox.TokenUrl.ToString(),
        // An empty queue would be held on the walk's clock, which stands still while it is read.
        ["agencyCode"] = "ARIA", ["longPoll"] = false,
    };

    public override string? Trust => "${secret:authority}";

    public override IReadOnlyDictionary<string, string> Secrets { get; }

    public override FaultList Faults => _sandbox.Faults;

    public static Func<TimeProvider, CancellationToken, Task<PolledAccount>> Of(bool created) => async (time, stop) =>
        new AdpFeedAccount(await AdpSandbox.StartAsync(new AdpOptions { Time = time }, stop), created);

    public override FeedChange Apply(int number) =>
        new(_sandbox.Apply(new AdpPerson("Zoë", Text(number), $"{Text(number)}@example.com")), _created ? "created" : null);

    public override FeedChange Change(string application, Dice dice)
    {
        string status = dice.Of(AdpSeeds.Statuses);
        _sandbox.Move(application, status);
        return new FeedChange(application, _created ? null : status);
    }

    public override (string Application, string Mark) Read(JsonElement payload) =>
        (payload.GetProperty("application_id").GetString()!, _created ? "created" : payload.GetProperty("status").GetProperty("codeValue").GetString()!);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
