using System.Text;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Catalog;

public sealed class CatalogWatcherTests
{
    [Fact]
    public async Task Change_OfAPipeline_IsInForceWithinASecond()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        var best = TimeSpan.MaxValue;

        // Of five, because the machine may be busy with something else.
        for (int i = 0; i < 5; i++)
        {
            string before = host.Hash("wait");
            long began = TimeProvider.System.GetTimestamp();
            host.Write("wait/pipeline.json", WatchedHost.Waiting($"mark {i}"));
            string line = await host.LogAsync("3001");
            TimeSpan took = TimeProvider.System.GetElapsedTime(began);

            host.Hash("wait").ShouldNotBe(before);
            line.ShouldBe($"3001: Definitions were reloaded: 1 pipelines, 1 connections; changed wait@{host.Hash("wait")[..8]}");
            best = took < best ? took : best;
        }
        best.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Change_WhileARunIsParked_LeavesItItsOwnDefinition()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        string parked = (await host.DeliverAsync("candidate_stage_change.json", 1)).RunIds.ShouldHaveSingleItem();
        await host.RunAsync(parked, RunState.Waiting);
        string one = host.Hash("wait");

        host.Write("wait/pipeline.json", WatchedHost.Waiting("two"));
        await host.LogAsync("3001");
        string later = (await host.DeliverAsync("candidate_stage_change.json", 2)).RunIds.ShouldHaveSingleItem();
        await host.RunAsync(later, RunState.Waiting);
        await host.DeliverAsync("hire_candidate.json", 1);
        await host.DeliverAsync("hire_candidate.json", 2);

        RunDetail first = await host.RunAsync(parked, RunState.Succeeded);
        RunDetail second = await host.RunAsync(later, RunState.Succeeded);
        first.Run.DefinitionHash.ShouldBe(one);
        second.Run.DefinitionHash.ShouldBe(host.Hash("wait"));
        Output(first, "after").ShouldBe("""{"mark":"one"}""");
        Output(second, "after").ShouldBe("""{"mark":"two"}""");
    }

    [Theory]
    [InlineData("{ \"connections\": { \"ats\": \"ats\" }, \"trigg", "ARIA1001")]
    [InlineData("", "ARIA1007")]
    [InlineData("{ \"connections\": { \"ats\": \"ats\" }, \"triggers\": [ { \"on\": \"ats.application.moved\" } ], \"steps\": [ { \"id\": \"a\", \"map\": 1 } ] }", "ARIA2002")]
    public async Task Mistake_InAChange_IsSaidWithItsPlaceAndTheLastGoodSetStays(string text, string code)
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        string before = host.Hash("wait");

        host.Write("wait/pipeline.json", text);
        string finding = await host.LogAsync("3003");
        string kept = await host.LogAsync("3002");

        finding.ShouldContain(code);
        finding.ShouldContain("pipelines/wait/pipeline.json");
        kept.ShouldContain("the last good set stays in force");
        host.Hash("wait").ShouldBe(before);
        (await host.DeliverAsync("candidate_stage_change.json", 1)).RunIds.ShouldHaveSingleItem();

        host.Write("wait/pipeline.json", WatchedHost.Waiting("two"));
        await host.LogAsync("3001");
        host.Hash("wait").ShouldNotBe(before);
    }

    [Fact]
    public async Task Mistake_InASecretName_KeepsTheLastGoodSet()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();

        host.Write("connections/ats.json", """{ "connector": "greenhouse", "settings": { "clientId": "${secret:id}", "clientSecret": "${secret:secret}", "webhookSecret": "${secret:hok}" } }""");

        (await host.LogAsync("3003")).ShouldContain("Secret 'hok', the setting 'webhookSecret' of connection 'ats', is missing or empty.");
        await host.DeliverAsync("candidate_stage_change.json", 1);
    }

    [Fact]
    public async Task Change_OfAConnector_IsSaid()
    {
        await using WatchedHost host = await WatchedHost.StartAsync(ownConnectors: true);
        string file = Path.Combine(host.Plugins, "Greenhouse", "connector.json");

        await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) + "\n", TestContext.Current.CancellationToken);

        (await host.LogAsync("3001")).ShouldEndWith("; changed connector Greenhouse");
    }

    [Fact]
    public async Task Pipeline_AddedRenamedAndDeleted_FollowsTheFolder()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();

        host.Write("second/pipeline.json", WatchedHost.Waiting("second"));
        (await host.LogAsync("3001")).ShouldContain("new second@");
        Directory.Move(Path.Combine(host.Workspace, "second"), Path.Combine(host.Workspace, "third"));
        (await host.LogAsync("3001")).ShouldContain("removed second");
        host.Catalog.Current.Pipelines.Keys.Order(StringComparer.Ordinal).ShouldBe(["third", "wait"]);
        Directory.Delete(Path.Combine(host.Workspace, "third"), recursive: true);
        (await host.LogAsync("3001")).ShouldEndWith("removed third");
        host.Catalog.Current.Pipelines.Keys.ShouldBe(["wait"]);
    }

    [Fact]
    public async Task File_ThatAMappingNeeds_MayNotBeDeleted()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        host.Write("second/value.js", "return 1;");
        host.Write("second/pipeline.json", """{ "connections": { "ats": "ats" }, "triggers": [ { "on": "ats.application.created" } ], "steps": [ { "id": "a", "map": { "$file": "value.js" } } ] }""");
        await host.LogAsync("3001");
        string before = host.Hash("second");

        host.Delete("second/value.js");
        (await host.LogAsync("3003")).ShouldContain("File 'value.js' does not exist in this folder.");

        host.Hash("second").ShouldBe(before);
    }

    [Fact]
    public async Task Replacement_OfAFileByRename_IsAnOrdinaryChange()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        host.Write("wait/pipeline.json.tmp", WatchedHost.Waiting("two"));

        File.Move(Path.Combine(host.Workspace, "wait/pipeline.json.tmp"), Path.Combine(host.Workspace, "wait/pipeline.json"), overwrite: true);

        (await host.LogAsync("3001")).ShouldContain("changed wait@");
    }

    [Fact]
    public async Task Folder_DeletedAndMadeAgain_IsFollowedAgain()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        string connection = await File.ReadAllTextAsync(Path.Combine(host.Workspace, "connections/ats.json"), TestContext.Current.CancellationToken);
        string before = host.Hash("wait");

        Directory.Delete(host.Workspace, recursive: true);
        await host.LogAsync("3002");
        host.Hash("wait").ShouldBe(before);
        host.Write("connections/ats.json", connection);
        host.Write("wait/pipeline.json", WatchedHost.Waiting("two"));

        (await host.LogAsync("3001")).ShouldContain("changed wait@");
    }

    [Fact]
    public async Task Fingerprint_OfTheFolder_ChangesWithDefinitionsOnly()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        string before = WatchedWorkspace.FingerprintOf(host.Workspace);

        host.Write("wait/pipeline.json", WatchedHost.Waiting("one"));
        host.Write("wait/notes.md", "not a definition");
        WatchedWorkspace.FingerprintOf(host.Workspace).ShouldBe(before, "the same content again is no change");

        host.Write("wait/value.js", "return 1;");
        string added = WatchedWorkspace.FingerprintOf(host.Workspace);
        File.Move(Path.Combine(host.Workspace, "wait/value.js"), Path.Combine(host.Workspace, "wait/other.js"));
        string renamed = WatchedWorkspace.FingerprintOf(host.Workspace);

        new[] { before, added, renamed }.ShouldBeUnique();
        WatchedWorkspace.FingerprintOf(Path.Combine(host.Workspace, "gone")).ShouldBe(WatchedWorkspace.FingerprintOf());
    }

    [Fact]
    public async Task FiftyReloads_UnderLoad_LoseNoEvent()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        using var stop = new CancellationTokenSource();
        var hashes = new HashSet<string> { host.Hash("wait") };
        var accepted = new List<AcceptedEvent>();
        Task load = Task.Run(async () =>
        {
            for (long application = 1; !stop.IsCancellationRequested; application++)
            {
                accepted.Add(await host.DeliverAsync("candidate_stage_change.json", application));
                await Task.Yield();
            }
        }, TestContext.Current.CancellationToken);

        for (int i = 0; i < 50; i++)
        {
            host.Write("wait/pipeline.json", WatchedHost.Waiting($"mark {i}"));
            await host.LogAsync("3001");
            hashes.Add(host.Hash("wait"));
        }
        await stop.CancelAsync();
        await load;

        hashes.Count.ShouldBe(51);
        accepted.Count.ShouldBeGreaterThan(100);
        accepted.ShouldAllBe(e => e.RunIds.Count == 1 && !e.IsDuplicate);
        var used = new HashSet<string>();
        foreach (AcceptedEvent taken in accepted)
        {
            RunDetail run = (await host.Store.FindRunAsync(taken.RunIds[0], TestContext.Current.CancellationToken)).ShouldNotBeNull();
            run.Run.State.ShouldBeOneOf(RunState.Ready, RunState.Leased, RunState.Waiting);
            used.Add(run.Run.DefinitionHash);
        }
        used.ShouldBeSubsetOf(hashes);
        used.Count.ShouldBeGreaterThan(25, "runs start with the definitions of their time");
    }

    private static string Output(RunDetail run, string step) => Encoding.UTF8.GetString(run.Steps.Single(s => s.Path == step).Output!);
}
