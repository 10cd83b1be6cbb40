using System.Globalization;
using System.Text;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>What ingress does with events that pipelines cause themselves.</summary>
public sealed class LoopDetectedTests
{
    private const string Moved = "application.stage_changed";
    private const string Jane = "application:1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_WithMoreHopsThanAllowed_IsQuarantinedToldAndReplayable()
    {
        await using PollRig rig = await StartAsync();
        await HopAsync(rig);

        AcceptedEvent over = await AcceptAsync(rig, "over");

        (over.State, over.RunIds.Count).ShouldBe((EventStates.Quarantined, 0));
        EventSummary listed = (await rig.Store.Views.ListEventsAsync(new EventQuery(EventStates.Quarantined, null, 10), Stop)).ShouldHaveSingleItem();
        (listed.Id, listed.Code, listed.Type).ShouldBe((over.Id, "loop_detected", Moved));
        rig.Taken.Lines.ShouldBe(
            [$"1005 Warning: Event {over.Id} ({Moved}) of ats was stored as quarantined: loop_detected. 6 changes of pipelines, each caused by the one before, led to it; end the circle, then 'aria replay {over.Id}' goes on with it"]);

        Offer offer = await Stored(rig).DecodeAsync(over.Id, new OperatorAct("olga", null, rig.Time.GetUtcNow()), Stop);
        (offer.Refusal, offer.Events.Single(), offer.Runs.Count).ShouldBe((null, over.Id, 1));
        rig.Loops.Expect("ats", [Moved], Jane, over.Id);
        rig.Loops.HopsTo("ats", Moved, Jane).ShouldBe(1, "what a person lets go on counts anew");
    }

    [Fact]
    public async Task Event_OfALoop_WhenTimeHasPassed_CountsAnew()
    {
        await using PollRig rig = await StartAsync();
        await HopAsync(rig);

        rig.Time.Advance(LoopGuard.Patience);

        (await AcceptAsync(rig, "later")).State.ShouldBe(EventStates.Open);
        rig.Taken.Lines.ShouldBeEmpty();
    }

    /// <summary>A page that is read again holds what was there before: that is not what the action caused, and what it caused still comes.</summary>
    [Fact]
    public async Task Event_ThatIsReadAgain_IsNoHopAndTakesNoneAway()
    {
        await using PollRig rig = await StartAsync();
        AcceptedEvent first = await AcceptAsync(rig, "first");
        rig.Loops.Expect("ats", [Moved], Jane, first.Id);

        for (int i = 0; i < 20; i++)
        {
            (await AcceptAsync(rig, "first")).IsDuplicate.ShouldBeTrue();
            rig.Time.Advance(TimeSpan.FromSeconds(15));
        }

        rig.Loops.HopsTo("ats", Moved, Jane).ShouldBe(1);
        (await AcceptAsync(rig, "caused")).State.ShouldBe(EventStates.Open);
        rig.Time.Advance(LoopGuard.Echo);
        rig.Loops.HopsTo("ats", Moved, Jane).ShouldBe(0);
    }

    private static Task<PollRig> StartAsync() => PollRig.StartAsync(
        PollRig.Folder("Orchard"), PollRig.Account("Orchard"), new ScriptedSource(), new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero)));

    /// <summary>As many hops as are allowed, and the action that causes one more.</summary>
    private static async Task HopAsync(PollRig rig)
    {
        AcceptedEvent last = await AcceptAsync(rig, "0");
        for (int hops = 1; hops <= LoopGuard.MostHops; hops++)
        {
            rig.Loops.Expect("ats", [Moved], Jane, last.Id);
            last = await AcceptAsync(rig, $"{hops}");
            (last.State, last.RunIds.Count).ShouldBe((EventStates.Open, 1));
        }
        rig.Loops.Expect("ats", [Moved], Jane, last.Id);
    }

    private static async Task<AcceptedEvent> AcceptAsync(PollRig rig, string key)
    {
        var e = new DecodedEvent(Moved, Jane, Encoding.UTF8.GetBytes(key), [], Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{key}}"}""")), null);
        return (await rig.Parts.Intake.AcceptAsync("ats", "poll", [e], new CursorMove("test", "1"u8.ToArray(), []), Stop)).ShouldHaveSingleItem();
    }

    private static StoredEvents Stored(PollRig rig)
    {
        var secrets = new ConnectionSecrets(new MemorySecretSource(new Dictionary<string, string>()), rig.Time, new NoSecretAudit());
        var hosts = new ConnectorHosts(secrets, rig.Time, new NoNetwork(), new NoNetwork(), NullLoggerFactory.Instance);
        return new StoredEvents(rig.Store, rig.Catalog, new WebhookReceiver(secrets, hosts, rig.Time), new DueSignal());
    }
}
