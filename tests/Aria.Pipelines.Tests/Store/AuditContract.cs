using System.Text;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

/// <summary>The audit chain of any store.</summary>
public abstract class AuditContract : StoreContract
{
    [Fact]
    public async Task Audit_EmptyChain_Verifies() =>
        (await Store.Audit.VerifyAsync(Stop)).ShouldBe(new AuditVerdict(0, null, null));

    [Fact]
    public async Task Audit_Appended_IsListedNewestFirstAndVerifiesAfterAKill()
    {
        await AppendAsync("one", "two");
        await AppendAsync("three");

        await KillAndReopenAsync();

        (await Store.Audit.VerifyAsync(Stop)).ShouldBe(new AuditVerdict(3, null, null));
        IReadOnlyList<AuditRow> rows = await Store.Audit.ListAsync(2, Stop);
        rows.Select(row => (row.Number, row.Entry.Act, row.Entry.AtUtc, Encoding.UTF8.GetString(row.Entry.Detail)))
            .ShouldBe([(3L, "three", Now, """{"n":"three"}"""), (2L, "two", Now, """{"n":"two"}""")]);
    }

    private protected Task AppendAsync(params string[] acts) =>
        Store.Audit.AppendAsync([.. acts.Select(act => new AuditEntry(Now, act, Encoding.UTF8.GetBytes($$"""{"n":"{{act}}"}""")))], Stop);
}
