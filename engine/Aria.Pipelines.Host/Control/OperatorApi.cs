using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Control;

/// <summary>What operators see and decide beside runs: events, failures, reviews, cancellations, the audit chain, the self-check.</summary>
internal static class OperatorApi
{
    private const int Newest = 50;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/events", (Delegate)EventsAsync);
        group.MapGet("/events/{id}", EventAsync);
        group.MapGet("/failures", (Delegate)FailuresAsync);
        group.MapPost("/resolve/{id}", ResolveAsync);
        group.MapPost("/runs/{id}/cancel", CancelAsync);
        group.MapGet("/audit", (Delegate)AuditAsync);
        group.MapGet("/audit/verify", (Delegate)VerifyAsync);
        group.MapGet("/invariants", (Delegate)InvariantsAsync);
    }

    /// <summary>Who acts, from the request's body.</summary>
    public static OperatorAct Act(HttpContext http, JsonObject asked) => new(
        (string?)asked["by"] ?? "unknown", (string?)asked["reason"], http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());

    /// <summary>The request's body, an object.</summary>
    public static async Task<JsonObject> ReadAsync(HttpContext http) =>
        await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) as JsonObject ?? [];

    /// <summary>Runs an act, and turns what the record does not allow into an answer.</summary>
    public static async Task<IResult> TryAsync(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (OperatorRefusedException e)
        {
            return ControlAnswer.Refused(e.Message);
        }
        catch (StoreUnavailableException e)
        {
            return ControlAnswer.Refused(e.Message, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static IStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IStore>();

    private static int Max(HttpContext http) => int.TryParse(http.Request.Query["max"], CultureInfo.InvariantCulture, out int number) ? number : Newest;

    private static string? Given(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 } text] ? text : null;

    private static async Task<IResult> EventsAsync(HttpContext http)
    {
        var query = new EventQuery(Given(http, "state"), Given(http, "connection"), Max(http));
        return ControlAnswer.Good(OperatorReport.Events(await Store(http).Views.ListEventsAsync(query, http.RequestAborted)));
    }

    private static async Task<IResult> EventAsync(string id, HttpContext http) =>
        await Store(http).Views.FindEventAsync(id, http.RequestAborted) is { } found
            ? ControlAnswer.Good(OperatorReport.One(found))
            : ControlAnswer.Refused($"There is no event '{id}'.", StatusCodes.Status404NotFound);

    private static async Task<IResult> FailuresAsync(HttpContext http)
    {
        IStore store = Store(http);
        var groups = new JsonArray();
        foreach (FailureGroup group in await store.Views.ListFailuresAsync(Max(http), http.RequestAborted))
        {
            RunDetail? example = await store.FindRunAsync(group.ExampleRunId, http.RequestAborted);
            groups.Add(OperatorReport.Failure(group, example?.Diagnostic));
        }
        return ControlAnswer.Good(groups);
    }

    private static Task<IResult> ResolveAsync(string id, HttpContext http) => TryAsync(async () =>
    {
        JsonObject asked = await ReadAsync(http);
        IStore store = Store(http);
        bool again = (bool?)asked["sendAgain"] == true;
        byte[]? output = asked.ContainsKey("output") ? Encoding.UTF8.GetBytes(asked["output"]?.ToJsonString() ?? "null") : null;
        RunDetail? run = await RunOfAsync(store, id, http.RequestAborted);
        string effect = run is null || run.Run.Id != id ? id : Reviewed(run, again);
        if (!again && run?.Effects.FirstOrDefault(e => e.Id == effect) is { } known && await RefusalAsync(http, run, known, output) is { } refused)
        {
            return ControlAnswer.Refused(refused.Problem, command: $"aria resolve {id} --done --output '{refused.Example.Replace("'", "'\\''", StringComparison.Ordinal)}'");
        }
        EffectDecided decided = await store.Acts.DecideAsync(new EffectDecision(effect, again, output), Act(http, asked), http.RequestAborted);
        http.RequestServices.GetRequiredService<DueSignal>().Raise();
        return ControlAnswer.Good(new JsonObject
        {
            ["effect"] = decided.EffectId,
            ["decided"] = again ? "send_again" : decided.IsCorrection ? "corrected" : "done",
            ["run"] = decided.ResumedRunId,
            ["latest"] = run?.Run.Id,
            ["state"] = decided.IsCorrection ? StateNames.Of(run!.Run.State) : null,
        });
    });

    /// <summary>The run that an id means: itself, or the one that its effect belongs to now; null when there is neither.</summary>
    private static async Task<RunDetail?> RunOfAsync(IStore store, string id, CancellationToken cancellationToken) =>
        await store.FindRunAsync(id, cancellationToken)
        ?? (await store.Views.FindRunOfEffectAsync(id, cancellationToken) is { } owner ? await store.FindRunAsync(owner, cancellationToken) : null);

    /// <summary>The effect that a run means: the one that needs a review, or the one whose answer a person gave before.</summary>
    private static string Reviewed(RunDetail run, bool again)
    {
        EffectRecord[] open = [.. run.Effects.Where(e => e.State == EffectState.NeedsReview)];
        EffectRecord[] meant = open.Length > 0 || again ? open : [.. run.Effects.Where(OperatorRules.IsMarkedDone)];
        return meant switch
        {
            [var one] => one.Id,
            [] => throw new OperatorRefusedException($"Run '{run.Run.Id}' is {StateNames.Of(run.Run.State)}, and none of its effects needs a review."),
            _ => throw new OperatorRefusedException(
                $"Run '{run.Run.Id}' has several effects that {(open.Length > 0 ? "need a review" : "were marked as done")}. Decide one: {string.Join(", ", meant.Select(e => $"{e.Id} (step '{e.Path}')"))}."),
        };
    }

    private static async Task<(string Problem, string Example)?> RefusalAsync(HttpContext http, RunDetail run, EffectRecord effect, byte[]? output)
    {
        if (effect.State != EffectState.NeedsReview && !OperatorRules.IsMarkedDone(effect))
        {
            return null;
        }
        (Pipeline? pipeline, _) = await http.RequestServices.GetRequiredService<PipelineCatalog>().FindAsync(run.Run.Pipeline, run.Run.DefinitionHash, http.RequestAborted);
        if (pipeline is not null && DecidedOutput.Refusal(pipeline, effect, output) is { } refusal)
        {
            return refusal;
        }
        return effect.State == EffectState.Confirmed && output is null
            ? throw new OperatorRefusedException($"Effect '{effect.Id}' of step '{effect.Path}' was marked as done before. Its answer can be corrected with --output.")
            : null;
    }

    private static Task<IResult> CancelAsync(string id, HttpContext http) => TryAsync(async () =>
    {
        await Store(http).Acts.CancelAsync(id, Act(http, await ReadAsync(http)), http.RequestAborted);
        http.RequestServices.GetRequiredService<DueSignal>().Raise();
        return ControlAnswer.Good(new JsonObject { ["run"] = id, ["state"] = "cancelled" });
    });

    private static async Task<IResult> AuditAsync(HttpContext http) =>
        ControlAnswer.Good(OperatorReport.Audit(await Store(http).Audit.ListAsync(Max(http), http.RequestAborted)));

    private static Task<IResult> VerifyAsync(HttpContext http) => TryAsync(async () =>
    {
        AuditAnchor? anchor = null;
        if ((string?)http.Request.Query["anchor"] is { } text && !AuditAnchor.TryParse(text, out anchor))
        {
            throw new OperatorRefusedException($"'{text}' is not an anchor: it is a row's number, a colon and 64 hexadecimal digits, as the log's event 1011 and 'aria audit verify' say it.");
        }
        return ControlAnswer.Good(OperatorReport.Verdict(await Store(http).Audit.VerifyAsync(anchor, http.RequestAborted)));
    });

    private static async Task<IResult> InvariantsAsync(HttpContext http) =>
        ControlAnswer.Good(OperatorReport.Invariants(await Store(http).Inspection.InspectAsync(http.RequestAborted)));
}
