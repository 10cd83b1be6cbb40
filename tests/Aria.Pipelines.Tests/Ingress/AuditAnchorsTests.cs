using Aria.Pipelines.Ingress;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.House;
using Aria.Pipelines.Tests.Store;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

public sealed class AuditAnchorsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-anchors-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly LoggedLines<AuditAnchors> _lines = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Chain_Grown_IsSaidOnceWithWhatVerifiesItLater()
    {
        await using IStore store = await SqliteFiles.OpenAsync(_folder.FullName, _time);
        using var anchors = new AuditAnchors(store, _time, _lines);

        await anchors.SayAsync(Stop);
        _lines.Lines.ShouldBeEmpty("there are no rows");
        await store.Audit.AppendAsync([new AuditEntry(_time.GetUtcNow(), "one", "{}"u8.ToArray())], Stop);
        await anchors.SayAsync(Stop);
        await anchors.SayAsync(Stop);

        string said = _lines.Lines.ShouldHaveSingleItem();
        said.ShouldStartWith("1011 Information: The audit chain stands at 1:");
        AuditAnchor.TryParse(said.Split(' ', ';')[7], out AuditAnchor? kept).ShouldBeTrue(said);
        (await store.Audit.VerifyAsync(kept, Stop)).ShouldBe(new AuditVerdict(1, null, null, kept));
    }
}
