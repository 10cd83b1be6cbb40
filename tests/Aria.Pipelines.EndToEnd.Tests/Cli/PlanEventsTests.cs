using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary><c>aria plan</c> over many events, and against the definitions from before.</summary>
public sealed class PlanEventsTests : IDisposable
{
    private readonly LoopWorkspace _workspace = new(new Uri("http://127.0.0.1:9/v3"), new Uri("http://127.0.0.1:9/token"), new Uri("http://127.0.0.1:9/v1"));

    private string Events => Path.Combine(_workspace.Folder, "events.ndjson");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Plan_ManyEvents_TellsFateReasonAndRequestsOfEach()
    {
        Write([Moved("Phone Screen", 4056310), Moved("Offer", 4056310), Moved("Phone Screen", 1), Sample("new_candidate_application.json")]);

        (int code, string output, string errors) = await AriaProcess.RunAsync("plan", "invite-by-stage", "--events", Events, "--json");

        (code, errors).ShouldBe((0, ""));
        JsonNode plan = JsonNode.Parse(output)!;
        plan["events"]!.AsArray().Select(e => $"{e!["event"]} {e["fate"]} {e["reason"]}").ShouldBe(
        [
            "events.ndjson(1) caught ",
            "events.ndjson(2) skipped The run would end as skipped: when.",
            "events.ndjson(3) skipped The run would end as skipped: rollout.",
            "events.ndjson(4) ignored The delivery holds no event that starts this pipeline.",
        ]);
        plan["events"]![0]!["requests"]!.AsArray().Select(r => $"{r!["step"]} {r["method"]}").ShouldBe(["invite POST", "pending PATCH", "details GET", "write PATCH"]);
        plan["summary"]!.ToJsonString().ShouldBe("""{"events":4,"caught":1,"skipped":2,"ignored":1,"failed":0}""");
    }

    [Fact]
    public async Task Plan_AgainstTheDefinitionsFromBefore_TellsWhatIsDifferent()
    {
        Write([Moved("Phone Screen", 4056310), Moved("Phone Screen", 1), Moved("Offer", 4056310)]);
        _workspace.Edit("invite-by-stage/pipeline.json", pipeline =>
        {
            pipeline["rollout"]!["only"]!.AsArray().Add("1");
            pipeline["lookups"]!["kit"]!["Phone Screen"] = "kit_new";
            pipeline["steps"]!.AsArray().RemoveAt(1);
        });
        string[] arguments = ["plan", "invite-by-stage", "--workspace", _workspace.Folder, "--events", Events, "--against", "pipelines"];

        (int code, string output, string errors) = await AriaProcess.RunAsync([.. arguments, "--json"]);

        (code, errors).ShouldBe((0, ""));
        JsonNode plan = JsonNode.Parse(output)!;
        plan["events"]!.AsArray().Select(e => $"{e!["before"]} → {e["fate"]}").ShouldBe(["caught → caught", "skipped → caught", "skipped → skipped"]);
        JsonNode[] changes = [.. plan["events"]![0]!["changes"]!.AsArray().OfType<JsonNode>()];
        changes.Select(c => (string)c["step"]!).ShouldBe(["invite", "pending"]);
        ((string)changes[0]["before"]!["body"]!["interview_kit_id"]!, (string)changes[0]["after"]!["body"]!["interview_kit_id"]!).ShouldBe(("kit_xyz789", "kit_new"));
        changes[1]["after"].ShouldBeNull("the step is gone");
        ((int)plan["summary"]!["changed"]!).ShouldBe(2);
        (_, output, _) = await AriaProcess.RunAsync(arguments);
        output.ShouldContain("         invite: changed\n");
        output.ShouldContain("         pending: removed\n");
        output.ShouldContain("caught   events.ndjson(2) (before: skipped)\n         invite: added\n");
        output.ShouldEndWith("3 events: 2 caught, 1 skipped, 0 ignored, 0 failed, 2 changed\n");
    }

    [Theory]
    [InlineData("Give the events by one of '--event', '--events', '--recorded' and '--schedule'.", "plan", "invite-by-stage")]
    [InlineData("Give the events by one of '--event', '--events', '--recorded' and '--schedule'.", "plan", "invite-by-stage", "--events", "a", "--recorded", "5")]
    [InlineData("Option '--against' compares many events: give them by '--events' or '--recorded'.", "plan", "invite-by-stage", "--event", "a", "--against", "b")]
    public async Task Plan_WrongUsage_SaysWhatToGive(string expected, params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync(arguments);

        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("The file or folder 'none' does not exist.", "--events", "none")]
    [InlineData("No host runs on the data folder 'none'. Start one with 'aria run --data none'.", "--recorded", "5", "--data", "none")]
    public async Task Plan_EventsThatCannotBeHad_SaysWhy(string expected, params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync(["plan", "invite-by-stage", .. arguments]);

        (code, output, errors.Trim()).ShouldBe((1, "", expected));
    }

    private void Write(JsonNode[] events) => File.WriteAllText(Events, string.Join('\n', events.Select(e => e.ToJsonString())), new UTF8Encoding(false));

    private static JsonNode Sample(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Plugins, "Greenhouse/samples", file)))!;

    private static JsonNode Moved(string stage, int job)
    {
        JsonNode moved = Sample("candidate_stage_change.json");
        moved["payload"]!["application"]!["current_stage"]!["name"] = stage;
        moved["payload"]!["application"]!["jobs"]![0]!["id"] = job;
        return moved;
    }
}
