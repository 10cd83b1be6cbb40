using System.Text;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

/// <summary>The audit chain of any store.</summary>
public abstract class AuditContract : StoreContract
{
    [Fact]
    public async Task Audit_EmptyChain_Verifies() =>
        (await Store.Audit.VerifyAsync(null, Stop)).ShouldBe(new AuditVerdict(0, null, null));

    [Fact]
    public async Task Audit_Appended_IsListedNewestFirstAndVerifiesAfterAKill()
    {
        await AppendAsync("one", "two");
        await AppendAsync("three");

        await KillAndReopenAsync();

        (await Store.Audit.VerifyAsync(null, Stop)).ShouldBe(new AuditVerdict(3, null, null, await Store.Audit.FindAnchorAsync(Stop)));
        IReadOnlyList<AuditRow> rows = await Store.Audit.ListAsync(2, Stop);
        rows.Select(row => (row.Number, row.Entry.Act, row.Entry.AtUtc, Encoding.UTF8.GetString(row.Entry.Detail)))
            .ShouldBe([(3L, "three", Now, """{"n":"three"}"""), (2L, "two", Now, """{"n":"two"}""")]);
    }

    [Fact]
    public async Task Audit_AnchorKeptOutside_StillVerifiesWhenTheChainHasGrown()
    {
        (await Store.Audit.FindAnchorAsync(Stop)).ShouldBeNull();
        await AppendAsync("one", "two");
        AuditAnchor anchor = (await Store.Audit.FindAnchorAsync(Stop))!;
        await AppendAsync("three");

        AuditAnchor.TryParse(anchor.ToString(), out AuditAnchor? kept).ShouldBeTrue();
        kept.ShouldBe(anchor);
        (await Store.Audit.VerifyAsync(kept, Stop)).ShouldBe(new AuditVerdict(3, null, null, await Store.Audit.FindAnchorAsync(Stop)));
    }

    /// <summary>An older copy of the whole store, and one in which other things followed: both verify by themselves.</summary>
    [Fact]
    public async Task Audit_OlderCopyPutBack_TheAnchorFindsIt()
    {
        await AppendAsync("one", "two", "three");
        AuditAnchor anchor = (await Store.Audit.FindAnchorAsync(Stop))!;
        AuditAnchor other = anchor with { Mac = new string('0', 64) };

        (await Store.Audit.VerifyAsync(anchor with { Number = 5 }, Stop))
            .ShouldBe(new AuditVerdict(3, 4, "The chain ends before the anchor: row 4 is missing; the anchor names row 5."));
        (await Store.Audit.VerifyAsync(other, Stop)).ShouldBe(new AuditVerdict(2, 3, "Row 3 is not the one that the anchor names."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3:")]
    [InlineData("0:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("-1:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("3:000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("3:0000:0000")]
    public void Anchor_OfAnotherForm_IsRefused(string text) => AuditAnchor.TryParse(text, out _).ShouldBeFalse();

    private protected Task AppendAsync(params string[] acts) =>
        Store.Audit.AppendAsync([.. acts.Select(act => new AuditEntry(Now, act, Encoding.UTF8.GetBytes($$"""{"n":"{{act}}"}""")))], Stop);
}
