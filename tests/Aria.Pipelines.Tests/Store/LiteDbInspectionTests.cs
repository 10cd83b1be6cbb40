using Aria.Pipelines.Store;
using Aria.Pipelines.Store.LiteDb;
using LiteDB;

namespace Aria.Pipelines.Tests.Store;

/// <summary>The self-check over a store with every kind of record, whole and then damaged past the rules that its writers keep.</summary>
public sealed class LiteDbInspectionTests : InspectionContract
{
    private static readonly (string Invariant, string What, Action<LiteDbSession> Do)[] Damages =
    [
        ("I1", "a delivery promises an event more", s => Each(s, Records.Delivery, d => d["events"] = 2L)),
        ("I1", "an event is gone", s => s.Remove(Records.Event, 1L)),
        ("I1", "a content is gone", s => s.Remove(Records.Content, 1L)),
        ("I2", "open without an open run", s => Change(s, Records.Event, 1L, e => e["state"] = "open")),
        ("I2", "closed with an open run", s => Change(s, Records.Event, 2L, e => e["state"] = "closed")),
        ("I2", "an event in a state that is none", s => Change(s, Records.Event, 1L, e => e["state"] = "lost")),
        ("I2", "a run in a state that is none", s => Change(s, Records.Run, 1L, r => r["state"] = "lost")),
        ("I3", "decided by nobody", s => OfPath(s, "doubt", e => e["state"] = "confirmed")),
        ("I3", "sent again", s => OfPath(s, "doubt", e => e["attempts"].AsArray.Add(Attempt(2, "send", "confirmed")))),
        ("I4", "sending with nothing under way", s => OfPath(s, "invite", e => e["state"] = "sending")),
        ("I4", "two at a time", s => OfPath(s, "invite", e => { e["attempts"].AsArray.Add(Attempt(8, "lookup")); e["attempts"].AsArray.Add(Attempt(9, "lookup")); })),
        ("I4", "under way, and the effect knows nothing of it", s => OfPath(s, "invite", e => e["attempts"].AsArray.Add(Attempt(9, "send")))),
        ("I5", "another request", s => OfPath(s, "invite", e => e["attempts"].AsArray.Add(Attempt(9, "send", "confirmed", [1])))),
        ("I6", "leased together", s => { Lease(s, 3L); Lease(s, 4L); }),
        ("I6", "nobody has the turn", s => { Hide(s, 3L); Hide(s, 4L); }),
        ("I6", "the turn before an earlier event", s => Hide(s, 3L)),
        ("I6", "leased without the turn", s => { Lease(s, 3L); Hide(s, 3L); }),
        ("I7", "no definition", s => s.Remove(Records.Definition, "hash-of-invite")),
        ("I7", "another definition", s => Change(s, Records.Run, 1L, r => r["hash"] = "gone")),
        ("I8", "a key is gone", s => s.Remove(Records.DataKey, 1L)),
        ("I8", "a key of nothing", s => s.Add(Records.DataKey, new BsonDocument { ["_id"] = 99L, ["wrapped"] = Array.Empty<byte>(), ["version"] = 1L })),
        ("I9", "a row of the audit is gone", s => s.Remove(Records.Audit, 1L)),
        ("I9", "the last row of the audit is gone", s => s.Remove(Records.Audit, 2L)),
    ];

    public static TheoryData<string, string> AllDamages => [.. Damages.Select(d => (d.Invariant, d.What))];

    [Theory]
    [MemberData(nameof(AllDamages))]
    public async Task InspectFile_Damaged_NamesTheInvariantAndTheRecord(string invariant, string what)
    {
        await FillAsync();
        await Store.DisposeAsync();
        using (LiteDbSession session = LiteDbSession.Open(LiteDbFiles.DataFile(Folder), DiskFile.Open))
        {
            session.Begin();
            Damages.Single(d => d.What == what).Do(session);
            session.Commit();
        }

        IReadOnlyList<InvariantFinding> findings = await LiteDbInspection.InspectFileAsync(LiteDbFiles.DataFile(Folder), SqliteFiles.Identity, SqliteFiles.Master, Stop);

        ShouldBeNamed(findings, invariant);
        await ReopenAsync();
    }

    [Fact]
    public async Task Examine_TurnsInMemoryAreNotThoseOfTheRecords_NamesTheRuns()
    {
        await FillAsync();
        await Store.DisposeAsync();
        using (LiteDbSession session = LiteDbSession.Open(LiteDbFiles.DataFile(Folder), OverlaidFile.Open))
        {
            new LiteDbExamination(session).Findings().ShouldAllBe(f => f.Holds);
            BsonDocument third = session.Find(Records.Run, 3L)!;
            session.Live.Turns.Observe(third, null);

            InvariantFinding order = new LiteDbExamination(session).Findings().Single(f => f.Id == "I6");

            order.Violations.ShouldBe([$"run {third.Text("id")}: ready, but it does not have the turn of its subject", $"run {session.Find(Records.Run, 4L)!.Text("id")}: has the turn before run {third.Text("id")} of its subject"]);
        }
        await ReopenAsync();
    }

    private protected override IEnumerable<string> Damaged => Damages.Select(d => d.Invariant).Distinct();

    private protected override Task<IStore> OpenAsync(string folder) => LiteDbFiles.OpenAsync(folder, Time);

    private static void Change(LiteDbSession session, string collection, BsonValue id, Action<BsonDocument> change)
    {
        BsonDocument document = session.Find(collection, id)!;
        change(document);
        session.Put(collection, document);
    }

    private static void Each(LiteDbSession session, string collection, Action<BsonDocument> change)
    {
        List<BsonDocument> all = [];
        session.Scan(collection, all.Add);
        foreach (BsonDocument document in all)
        {
            change(document);
            session.Put(collection, document);
        }
    }

    private static void OfPath(LiteDbSession session, string path, Action<BsonDocument> change) => Each(session, Records.Effect, e =>
    {
        if (e.Text("path") == path)
        {
            change(e);
        }
    });

    private static BsonDocument Attempt(long number, string phase, string? outcome = null, byte[]? request = null) =>
        new() { ["n"] = number, ["phase"] = phase, ["started"] = 0L, ["outcome"] = outcome, ["request"] = request };

    private static void Lease(LiteDbSession session, long run) => Change(session, Records.Run, run, r =>
    {
        r["state"] = "leased";
        r["by_state"] = Ids.InList("leased", run);
        r["until"] = 0L;
        r["owner"] = "other";
    });

    /// <summary>Takes a run out of the list that turns are made from.</summary>
    private static void Hide(LiteDbSession session, long run) => Change(session, Records.Run, run, r => r["by_state"] = Ids.InList("succeeded", run));
}
