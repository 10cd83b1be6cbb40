using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Control;

/// <summary>
/// Replays: of a run, of an event, of all failures or all that fit a question; of events that were quarantined or taken by nothing. A preview
/// is the same without doing it.
/// </summary>
internal static class ReplayApi
{
    private const int MaxPreviewed = 200;
    private const int MaxEvents = 100_000;

    private static readonly RunState[] AllStates = Enum.GetValues<RunState>();

    public static void Map(RouteGroupBuilder group) => group.MapPost("/replay", (Delegate)ReplayAsync);

    private static Task<IResult> ReplayAsync(HttpContext http) => OperatorApi.TryAsync(async () =>
    {
        JsonObject asked = await OperatorApi.ReadAsync(http);
        IStore store = http.RequestServices.GetRequiredService<IStore>();
        Selection chosen = await ChooseAsync(store, asked, http.RequestAborted);
        bool isCurrent = (string?)asked["definition"] == "current";
        bool force = (bool?)asked["force"] == true;
        if ((bool?)asked["preview"] == true)
        {
            return ControlAnswer.Good(await PreviewAsync(http, chosen, isCurrent, force));
        }
        OperatorAct act = OperatorApi.Act(http, asked);
        var replay = http.RequestServices.GetRequiredService<RunReplay>();
        IReadOnlyList<ReplayedRun> replayed = await replay.ReplayAsync(chosen.Runs, isCurrent, force, act, http.RequestAborted);
        return ControlAnswer.Good(new JsonObject
        {
            ["runs"] = new JsonArray([.. replayed.Select(r => (JsonNode)new JsonObject { ["former"] = r.FormerRunId, ["run"] = r.RunId, ["refusal"] = r.Refusal })]),
            ["events"] = await OfferAsync(http, chosen.Events, act),
        });
    });

    private static async Task<Selection> ChooseAsync(IStore store, JsonObject asked, CancellationToken cancellationToken)
    {
        if ((string?)asked["id"] is { } id)
        {
            return await NamedAsync(store, id, cancellationToken);
        }
        if ((string?)asked["events"] is { } state)
        {
            IReadOnlyList<EventSummary> events = await store.Views.ListEventsAsync(new EventQuery(state, (string?)asked["connection"], MaxEvents), cancellationToken);
            // A body that contradicts another one is released only by name.
            return new Selection([], [.. events.Where(e => e.Code != "id_conflict").Reverse()]);
        }
        var query = new LatestRunQuery(
            null,
            (string?)asked["pipeline"],
            (string?)asked["connection"],
            (string?)asked["state"] is { } word ? [StateNames.Parse<RunState>(word)] : [],
            (string?)asked["code"],
            (string?)asked["fingerprint"],
            Time(asked["since"]),
            Time(asked["until"]));
        return new Selection(await store.Views.FindLatestRunsAsync(query, cancellationToken), []);
    }

    private static async Task<Selection> NamedAsync(IStore store, string id, CancellationToken cancellationToken)
    {
        if (await store.FindRunAsync(id, cancellationToken) is { } run)
        {
            return new Selection([run.Run], []);
        }
        if (await store.Views.FindEventAsync(id, cancellationToken) is not { } found)
        {
            throw new OperatorRefusedException($"There is no run or event '{id}'.");
        }
        return found.Event.State is EventStates.Quarantined or EventStates.Unmatched
            ? new Selection([], [found.Event])
            : new Selection(await store.Views.FindLatestRunsAsync(new LatestRunQuery(EventId: id, States: AllStates), cancellationToken), []);
    }

    private static async Task<JsonObject> PreviewAsync(HttpContext http, Selection chosen, bool isCurrent, bool force)
    {
        var replay = http.RequestServices.GetRequiredService<RunReplay>();
        var preview = http.RequestServices.GetRequiredService<ReplayPreview>();
        IStore store = http.RequestServices.GetRequiredService<IStore>();
        var runs = new JsonArray();
        foreach (RunSummary run in chosen.Runs.Take(MaxPreviewed))
        {
            (Pipeline? pipeline, string? refusal) = await replay.DefinitionAsync(run, isCurrent, http.RequestAborted);
            var shown = new JsonObject { ["run"] = run.Id, ["event"] = run.EventId, ["pipeline"] = run.Pipeline, ["refusal"] = refusal ?? Open(run) };
            if (pipeline is not null && await store.FindRunAsync(run.Id, http.RequestAborted) is { } detail)
            {
                shown["effects"] = new JsonArray([.. preview.Of(detail, pipeline, force).Select(e => (JsonNode)Effect(e))]);
            }
            runs.Add(shown);
        }
        return new JsonObject
        {
            ["runs"] = runs,
            ["more"] = Math.Max(0, chosen.Runs.Count - MaxPreviewed),
            ["events"] = new JsonArray([.. chosen.Events.Select(e => (JsonNode)new JsonObject { ["event"] = e.Id, ["state"] = e.State, ["code"] = e.Code })]),
        };
    }

    private static async Task<JsonArray> OfferAsync(HttpContext http, IReadOnlyList<EventSummary> events, OperatorAct act)
    {
        var stored = http.RequestServices.GetRequiredService<StoredEvents>();
        var offered = new JsonArray();
        foreach (EventSummary e in events)
        {
            Offer offer = await OfferAsync(stored, e, act, http.RequestAborted);
            offered.Add(new JsonObject
            {
                ["event"] = e.Id,
                ["into"] = ControlAnswer.Array(offer.Events),
                ["runs"] = ControlAnswer.Array(offer.Runs),
                ["refusal"] = offer.Refusal,
            });
        }
        return offered;
    }

    private static async Task<Offer> OfferAsync(StoredEvents stored, EventSummary e, OperatorAct act, CancellationToken cancellationToken)
    {
        try
        {
            return await (e.State == EventStates.Quarantined ? stored.DecodeAsync(e.Id, act, cancellationToken) : stored.MatchAsync(e, act, cancellationToken));
        }
        catch (OperatorRefusedException refused)
        {
            // Somebody else was faster with this one; the others have been, and are, offered all the same.
            return Offer.Refused(refused.Message);
        }
    }

    private static string? Open(RunSummary run) => run.State is RunState.Ready or RunState.Leased or RunState.Waiting or RunState.NeedsReview
        ? $"Run '{run.Id}' has not ended: it is {StateNames.Of(run.State)}."
        : null;

    private static JsonObject Effect(PreviewedEffect effect) => new()
    {
        ["path"] = effect.Path,
        ["connection"] = effect.Connection,
        ["operation"] = effect.Operation,
        ["verdict"] = StateNames.Of(effect.Verdict),
        ["request"] = effect.Request,
        ["reference"] = effect.Reference,
        ["detail"] = effect.Detail,
    };

    private static DateTimeOffset? Time(JsonNode? text) => (string?)text is { } given ? DateTimeOffset.Parse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private sealed record Selection(IReadOnlyList<RunSummary> Runs, IReadOnlyList<EventSummary> Events);
}
