using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Sandbox.Aria;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>ARIA as the behaviour suite wants it: somebody is invited, the interview ends, and the connector invites others.</summary>
internal sealed class AriaStand : IConnectorStand
{
    private const string Hook = "aria-hook-secret";
    private readonly DemoClock _clock;
    private readonly AriaSandbox _sandbox;
    private readonly HttpClient _somebody = new();

    private AriaStand(DemoClock clock, AriaSandbox sandbox) => (_clock, _sandbox) = (clock, sandbox);

    public Uri BaseUrl => _sandbox.BaseUrl;

    public TimeProvider Time => _clock;

    public IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["aria-api-key"] = new AriaOptions().ApiKeys[0], ["aria-webhook"] = Hook };

    public string Connection => new JsonObject
    {
        ["connector"] = "aria",
        ["settings"] = new JsonObject { ["apiKey"] = "${secret:aria-api-key}", ["webhookSecret"] = "${secret:aria-webhook}", ["baseUrl"] = _sandbox.ApiUrl.ToString() },
    }.ToJsonString();

    public StandWork Work { get; } = new()
    {
        Noun = "interview",
        Created = "interview.invited",
        Moved = "interview.completed",
        Steps = """
            [{
              "id": "invite", "action": "ats.interview.create", "retry": { "max": 8, "delay": "10s" },
              "with": { "candidate": { "email": "after-{{ event.interview_id }}@example.com", "name": "Jane Doe" }, "job_id": "j-1", "interview_kit_id": "kit-1" }
            }]
            """,
    };

    public string Stage => "completed";

    public int Duplicates => _sandbox.Interviews.GroupBy(i => i.Email).Sum(g => g.Count() - 1);

    public static async Task<IConnectorStand> StartAsync()
    {
        var clock = new DemoClock();
        return new AriaStand(clock, await AriaSandbox.StartAsync(new AriaOptions { Time = clock }, TestContext.Current.CancellationToken));
    }

    public IReadOnlyDictionary<string, string> Spent(DateTimeOffset until) =>
        new Dictionary<string, string> { ["X-RateLimit-Remaining"] = "0", ["X-RateLimit-Reset"] = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) };

    public StandHolding Held(string applicationId) => new(null, null, null, null, _sandbox.Interviews.Count(i => i.Email == $"after-{applicationId}@example.com"));

    public void Advance(TimeSpan time) => _clock.Advance(time);

    public Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        _sandbox.AddWebhook(hook, Hook);
        return Task.CompletedTask;
    }

    /// <summary>Somebody else than the connector invites.</summary>
    public string Apply(string firstName, string lastName, string email)
    {
        var body = new JsonObject { ["candidate"] = new JsonObject { ["email"] = email, ["name"] = $"{firstName} {lastName}" }, ["job_id"] = "j-1", ["interview_kit_id"] = "kit-1" };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_sandbox.ApiUrl}/interviews")) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secrets["aria-api-key"]);
        using HttpResponseMessage response = _somebody.Send(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        using Stream answer = response.Content.ReadAsStream();
        return JsonNode.Parse(answer)!["interview_id"]!.GetValue<string>();
    }

    public void Move(string applicationId) => _sandbox.Complete(applicationId, new AriaResult(8.5m, "advance", null));

    public Task WhenQuietAsync(CancellationToken cancellationToken) => _sandbox.WhenQuietAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _somebody.Dispose();
        await _sandbox.DisposeAsync();
    }
}
