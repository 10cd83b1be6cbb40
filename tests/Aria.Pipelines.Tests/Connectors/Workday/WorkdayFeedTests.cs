using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Workday;

namespace Aria.Pipelines.Tests.Connectors.Workday;

/// <summary>How the Workday connector learns of applications and of their steps.</summary>
public sealed class WorkdayFeedTests
{
    [Theory]
    [InlineData("""{"stageFeed":"assessments"}""", null)]
    [InlineData("""{"stageFeed":"report"}""", "ASSESS_CANDIDATE")]
    [InlineData("""{"stageFeed":"report","report":{"format":"xml"}}""", "ASSESS_CANDIDATE")]
    [InlineData("""{"stageFeed":"candidates","version":"v26.1"}""", "ASSESS_CANDIDATE")]
    public async Task StageChanged_OfEachFeed_OneRecordForTheStep(string settings, string? step)
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        account.Rig.Time.Advance(TimeSpan.FromHours(1));
        string id = account.Assessed();
        DateTimeOffset from = account.Rig.Time.GetUtcNow().AddMinutes(-5);
        Connection connection = account.Connect(settings);
        JsonElement record = (await account.PollAsync(connection, "application.stage_changed", from)).Single(r => !r.GetProperty("event_id").GetString()!.Contains("REVIEW", StringComparison.Ordinal));
        record.GetProperty("application_id").GetString().ShouldBe(id);
        (record.TryGetProperty("step_id", out JsonElement given) ? given.GetString() : null).ShouldBe(step);

        (Preparation _, JsonElement canonical) = await CompleteAsync(account, connection, "application.stage_changed", record);
        canonical.GetProperty("application").GetProperty("stage").GetProperty("id").GetString().ShouldBe("ASSESS_CANDIDATE");
        canonical.GetProperty("candidate").GetProperty("email").GetString().ShouldBe("Zoe@Example.com");
        connection.Connector.Events["application.stage_changed"].Schema!.Validate(canonical).ShouldBeEmpty();
    }

    [Fact]
    public async Task StageChanged_WhatTheConnectorWroteItself_IsNoNews()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        Connection connection = account.Connect();
        string id = account.Assessed();
        await account.PerformAsync(connection, "interview.write", new { application_id = id, status = "pending" });
        (await account.PollAsync(connection, "application.stage_changed", account.Rig.Time.GetUtcNow().AddMinutes(-5))).ShouldHaveSingleItem();
        (await account.PollAsync(account.Connect("""{"started":"OTHER,ANOTHER"}"""), "application.stage_changed", account.Rig.Time.GetUtcNow().AddMinutes(-5))).ShouldBeEmpty();
        (await account.PollAsync(account.Connect("""{"started":"OTHER,INITIATED"}"""), "application.stage_changed", account.Rig.Time.GetUtcNow().AddMinutes(-5))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Created_WithinTheWindow_EveryPageAsOfOneMoment()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        account.Sandbox.Apply(new WorkdayPerson("Too", "Early", "e@example.com", null));
        account.Rig.Time.Advance(TimeSpan.FromHours(1));
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => account.Sandbox.Apply(new WorkdayPerson($"P{i}", "Q", $"p{i}@example.com", null)))];
        IReadOnlyList<JsonElement> records = await account.PollAsync(account.Connect("""{"pageSize":2}"""), "application.created", account.Rig.Time.GetUtcNow().AddMinutes(-5));
        records.Select(r => r.GetProperty("application_id").GetString()!.Split(':')[1]).ShouldBe(ids);
        string[] bodies = [.. account.Sandbox.Requests.Entries.Select(e => e.Body)];
        bodies.Length.ShouldBe(3);
        bodies.ShouldAllBe(b => b.Contains("<wd:As_Of_Entry_DateTime>2026-01-06T13:00:00.000Z</wd:As_Of_Entry_DateTime>", StringComparison.Ordinal));
        bodies.ShouldAllBe(b => b.Contains("<wd:Exclude_All_Attachments>true</wd:Exclude_All_Attachments>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Created_SeveralApplicationsOfOnePerson_AreRecordsOfTheirOwn()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        string first = account.Sandbox.Apply(new WorkdayPerson("A", "B", "a@example.com", null));
        account.Sandbox.ApplyAgain(first, WorkdaySeeds.DesignerRequisition);
        IReadOnlyList<JsonElement> records = await account.PollAsync(account.Connect(), "application.created", account.Rig.Time.GetUtcNow().AddMinutes(-5));
        records.Select(r => r.GetProperty("application_id").GetString()).ShouldBe(["C00001:JOB_APPLICATION-3-1", "C00001:JOB_APPLICATION-3-2"]);
    }

    [Fact]
    public async Task Event_OfACandidateWhoIsGone_HasWhatTheFeedKnows()
    {
        await using WorkdayAccount account = await WorkdayAccount.StartAsync();
        JsonElement record = JsonElement.Parse("""{"event_id":"1","application_id":"C77777:JOB_APPLICATION-3-7","step_id":"INTERVIEW","changed_at":"2026-01-06T12:00:00.000Z"}""");
        (Preparation _, JsonElement canonical) = await CompleteAsync(account, account.Connect(), "application.stage_changed", record);
        canonical.GetProperty("application").GetRawText().ShouldBe("""{"id":"C77777:JOB_APPLICATION-3-7","status":null,"stage":{"id":"INTERVIEW","name":"INTERVIEW"},"applied_at":null,"url":null,"source":null}""");
    }

    private static async Task<(Preparation Reads, JsonElement Canonical)> CompleteAsync(WorkdayAccount account, Connection connection, string type, JsonElement record)
    {
        ConnectorEvent definition = connection.Connector.Events[type];
        Preparation reads = await account.Rig.Client.PrepareAsync(connection, definition.Enrich!, record, "key-1", TestContext.Current.CancellationToken);
        reads.Problem.ShouldBeNull();
        var values = new Dictionary<string, JsonElement> { ["payload"] = record, ["settings"] = connection.Settings, ["reads"] = FrozenRequest.FromBytes(reads.Frozen!).Reads };
        return (reads, ConnectorJson.ToElement(definition.Canonical.Evaluate(values)));
    }
}
