using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

/// <summary>The self-check of every store: it finds nothing in a store with every kind of record, and each invariant has damages that show it.</summary>
public abstract class InspectionContract : StoreContract
{
    /// <summary>The invariants that the store's own tests damage.</summary>
    private protected abstract IEnumerable<string> Damaged { get; }

    [Fact]
    public async Task Inspect_StoreWithAllKindsOfRows_EveryInvariantHolds()
    {
        await FillAsync();

        IReadOnlyList<InvariantFinding> findings = await Store.Inspection.InspectAsync(Stop);

        findings.Select(f => f.Id).ShouldBe(["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"]);
        findings.ShouldAllBe(f => f.Holds);
        Damaged.ShouldBe(findings.Select(f => f.Id), "each invariant has a damage that shows it");
    }

    /// <summary>Event 1 is closed, 2 waits with a doubtful effect under review beside it, 3 and 4 are ready runs of one subject, 5 is quarantined.</summary>
    private protected async Task FillAsync()
    {
        await Store.SaveDefinitionAsync("hash-of-invite", "invite", "{}"u8.ToArray(), Stop);
        RunLease first = await AcceptConfirmedAsync("application:1");
        await ReleaseAsync(first, RunState.Succeeded);
        RunLease second = await AcceptAndLeaseAsync("application:2");
        EffectRecord doubt = await PlanAsync(second, "doubt");
        await EndAsync(second, doubt, await BeginAsync(second, doubt), EffectState.NeedsReview, "unknown");
        await ParkAsync(second);
        await AcceptAsync(Event("application:3"));
        await AcceptAsync(Event("application:3"));
        await AcceptAsync(Event() with { QuarantineCode = "invalid_json", Runs = [] });
        await Store.Audit.AppendAsync([new AuditEntry(Now, "a", "{}"u8.ToArray()), new AuditEntry(Now, "b", "{}"u8.ToArray())], Stop);
    }

    private protected static void ShouldBeNamed(IReadOnlyList<InvariantFinding> findings, string invariant)
    {
        InvariantFinding broken = findings.Single(f => f.Id == invariant);
        broken.Holds.ShouldBeFalse();
        broken.Violations.Count.ShouldBe((int)Math.Min(broken.Count, InvariantFinding.MaxNamed));
        broken.Violations.ShouldAllBe(v => v.Length > 10);
    }
}
