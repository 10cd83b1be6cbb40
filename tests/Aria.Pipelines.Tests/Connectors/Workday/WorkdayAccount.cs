using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Workday;
using Aria.Pipelines.Sandbox.Workday.Schema;
using Aria.Pipelines.Tests.Authoring;

namespace Aria.Pipelines.Tests.Connectors.Workday;

/// <summary>The Workday connector as the host loads it, and a stand-in behind a socket. Every envelope is held against the schema once more at the end.</summary>
internal sealed class WorkdayAccount : IAsyncDisposable
{
    private WorkdayAccount(ConnectorRig rig, WorkdaySandbox sandbox) => (Rig, Sandbox) = (rig, sandbox);

    public ConnectorRig Rig { get; }

    public WorkdaySandbox Sandbox { get; }

    public static Connector Connector => Shipped.Connectors.ByName["workday"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<WorkdayAccount> StartAsync(WorkdayOptions? options = null)
    {
        var rig = new ConnectorRig();
        rig.Secrets["password"] = "workday-sandbox-password";
        rig.Secrets["clientId"] = "workday-sandbox-client";
        rig.Secrets["clientSecret"] = "workday-sandbox-secret";
        rig.Secrets["refreshToken"] = "workday-sandbox-refresh-token";
        return new WorkdayAccount(rig, await WorkdaySandbox.StartAsync((options ?? new WorkdayOptions()) with { Time = rig.Time }, Stop));
    }

    /// <summary>An application in the step that assesses, by the connector's id.</summary>
    public string Assessed(WorkdayPerson? person = null)
    {
        string id = Sandbox.Apply(person ?? new WorkdayPerson("Zoë", "Lee", "Zoe@Example.com", "+15551234567"));
        Sandbox.MoveTo(id, "ASSESS_CANDIDATE");
        return $"{Sandbox.State.Application(id).CandidateId}:{id}";
    }

    public Connection Connect(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = Sandbox.BaseUrl.ToString().TrimEnd('/');
        all["tenant"] = "acme_preview";
        all["user"] = "ISU_ARIA";
        return Plugins.Connect(Connector, all.ToJsonString(), "workday");
    }

    public Task<Preparation> PrepareAsync(Connection connection, string operation, object input) =>
        Rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonSerializer.SerializeToElement(input), "key-1", Stop);

    public async Task<byte[]> FreezeAsync(Connection connection, string operation, object input)
    {
        Preparation prepared = await PrepareAsync(connection, operation, input);
        prepared.Problem.ShouldBeNull();
        return prepared.Frozen.ShouldNotBeNull(prepared.RetryCode);
    }

    public Task<OperationAnswer> SendAsync(Connection connection, string operation, object input, byte[] frozen) =>
        Rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonSerializer.SerializeToElement(input), frozen, null, Stop);

    public Task<OperationAnswer> LookUpAsync(Connection connection, string operation, object input, byte[] frozen) =>
        Rig.Client.LookUpAsync(connection, connection.Connector.Operations[operation], JsonSerializer.SerializeToElement(input), "key-1", frozen, Stop);

    public async Task<OperationAnswer> PerformAsync(Connection connection, string operation, object input)
    {
        OperationAnswer answer = await SendAsync(connection, operation, input, await FreezeAsync(connection, operation, input));
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        return answer;
    }

    /// <summary>Reads every page of a feed from a moment on.</summary>
    public async Task<IReadOnlyList<JsonElement>> PollAsync(Connection connection, string type, DateTimeOffset since)
    {
        PollDefinition poll = connection.Connector.Events[type].PollFor(connection)!;
        var client = new PollClient(Rig.Pages, Rig.Budgets, Rig.Time);
        var position = new PollPosition { Since = since, From = since };
        var items = new List<JsonElement>();
        while (true)
        {
            PollPage page = await client.ReadAsync(connection, poll, position, replay: false, Stop);
            page.Failure.ShouldBeNull();
            items.AddRange(page.Items);
            if (!page.HasMore)
            {
                return items;
            }
            // Pages are read as of the moment of the first, however long that takes.
            Rig.Time.Advance(TimeSpan.FromSeconds(10));
            position = position with { Page = position.Page + 1, Next = page.Next };
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string[] sent in Sandbox.Requests.Entries.Where(e => e.Path.Contains("/Recruiting/", StringComparison.Ordinal)).Select(e => (string[])[e.Path.Split('/')[^1], e.Body]))
        {
            XElement message = XElement.Parse(sent[1]).Elements().Last().Elements().Single();
            RecruitingSchema.For(sent[0])!.Violations(message).ShouldBeEmpty();
        }
        await Sandbox.DisposeAsync();
        Rig.Dispose();
    }
}
