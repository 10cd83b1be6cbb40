using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>Two pipelines that move a candidate back and forth between two stages, each because the other did.</summary>
public sealed class PipelineLoopTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loop_OfTwoPipelines_StopsAfterFiveHopsIsListedAndGoesOnWhenReplayed()
    {
        await using Loop loop = await Loop.StartAsync(operated: true, prepare: workspace =>
        {
            Directory.Delete(Path.Combine(workspace.Folder, "invite-by-stage"), recursive: true);
            Directory.Delete(Path.Combine(workspace.Folder, "invite-by-application"), recursive: true);
            Write(workspace, "forth", from: "Application Review", to: "Phone Screen");
            Write(workspace, "back", from: "Phone Screen", to: "Application Review");
        });

        // Greenhouse tells times in seconds: two moves to a stage in one second are one event.
        loop.Greenhouse.Faults.Add(new Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(2), Method = "POST", PathPrefix = "/v3/applications", Times = 100 });
        long application = loop.Greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567"));
        loop.Greenhouse.MoveStage(application, "Phone Screen");

        JsonNode listed = (await ListedAsync(loop, 1))[0]!;
        ((string?)listed["code"], (string?)listed["connection"], (string?)listed["type"]).ShouldBe(("loop_detected", "greenhouse", "application.stage_changed"));
        (await MovesAsync(loop)).ShouldBe(6, "the recruiter's move starts one, and so does each of five hops");

        (int code, string said) = await loop.SaysAsync("replay", (string)listed["id"]!);
        code.ShouldBe(0, said);
        JsonArray both = await ListedAsync(loop, 1, except: (string)listed["id"]!);
        ((string?)both[0]!["code"]).ShouldBe("loop_detected");
        (await MovesAsync(loop)).ShouldBe(12, "what an operator lets go on counts anew");
    }

    /// <summary>A recruiter who does not give in to a pipeline that moves the candidate back each time, which Greenhouse reports, too.</summary>
    [Fact]
    public async Task Recruiter_WhoMovesACandidateBackAndForth_IsNoLoop()
    {
        await using Loop loop = await Loop.StartAsync(prepare: workspace =>
        {
            Directory.Delete(Path.Combine(workspace.Folder, "invite-by-stage"), recursive: true);
            Directory.Delete(Path.Combine(workspace.Folder, "invite-by-application"), recursive: true);
            Write(workspace, "back", from: "Phone Screen", to: "Application Review");
        });
        long application = loop.Greenhouse.Apply(new GreenhouseCandidate("Jane", "Doe", "jane.doe@example.com", "+1 555 123 4567"));

        for (int moves = 1; moves <= 8; moves++)
        {
            loop.Greenhouse.MoveStage(application, "Phone Screen");
            await MovedAsync(loop, moves);
            loop.Pass(TimeSpan.FromSeconds(20));
        }

        (await loop.Store.CountAsync(Stop)).Events.ShouldNotContainKey(EventStates.Quarantined);
    }

    private static void Write(LoopWorkspace workspace, string name, string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(workspace.Folder, name));
        File.WriteAllText(Path.Combine(workspace.Folder, name, "pipeline.json"), $$$"""
            {
              "connections": { "ats": "greenhouse" },
              "triggers": [{ "on": "ats.application.stage_changed", "when": "event.application.stage?.name === '{{{from}}}'" }],
              "steps": [{ "id": "move", "action": "ats.stage.move", "with": { "application_id": "{{ event.application.id }}", "stage_id": "{{{to}}}" } }]
            }
            """);
    }

    /// <summary>The quarantined events, as an operator lists them, once there are so many.</summary>
    private static Task<JsonArray> ListedAsync(Loop loop, int count, string? except = null) => Eventually.GetAsync(
        async () =>
        {
            loop.Pass(TimeSpan.FromSeconds(1));
            (int code, string said) = await loop.SaysAsync("events", "--state", "quarantined", "--json");
            code.ShouldBe(0, said);
            JsonArray listed = JsonNode.Parse(said)!.AsArray();
            return listed.Count == count && listed.All(e => (string?)e!["id"] != except) ? listed : null;
        },
        "the loop is stopped");

    /// <summary>How many moves pipelines have made, when all runs have ended.</summary>
    private static async Task<long> MovesAsync(Loop loop)
    {
        StoreCounts counts = await Eventually.GetAsync(
            async () => await loop.Store.CountAsync(Stop) is var now && !now.Runs.Keys.Any(s => s is "ready" or "leased" or "waiting") ? now : null, "all runs have ended");
        return counts.Runs.GetValueOrDefault("succeeded");
    }

    /// <summary>Waits until a pipeline has moved the application so many times and Greenhouse has reported each.</summary>
    private static async Task MovedAsync(Loop loop, int moves) => await Eventually.GetAsync(
        async () => await loop.Store.CountAsync(Stop) is var now && now.Runs.GetValueOrDefault("succeeded") == moves && now.Runs.GetValueOrDefault("skipped") == moves ? "moved" : null,
        $"{moves} moves, and {moves} reports of them that nothing follows");
}
