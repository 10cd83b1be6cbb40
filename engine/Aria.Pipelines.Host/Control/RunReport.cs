using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Host.Control;

/// <summary>Runs as JSON, the one form that verbs print or turn into tables.</summary>
internal static class RunReport
{
    public static JsonArray List(IReadOnlyList<RunSummary> runs) => new([.. runs.Select(r => (JsonNode)Summary(r))]);

    /// <summary>One run in full.</summary>
    /// <param name="detail">The run.</param>
    /// <param name="why">Why it was skipped, in a sentence; null when it was not, or when that is not known.</param>
    public static JsonObject One(RunDetail detail, string? why = null)
    {
        JsonObject run = Summary(detail.Run);
        run["subject"] = detail.Event.Subject;
        run["why"] = why;
        run["diagnostic"] = Node(detail.Diagnostic);
        run["review"] = detail.Run.State == RunState.NeedsReview ? Review(detail) : null;
        run["steps"] = new JsonArray([.. detail.Steps.Select(s => (JsonNode)Step(s))]);
        run["effects"] = new JsonArray([.. detail.Effects.Select(e => (JsonNode)Effect(e, detail.Attempts))]);
        return run;
    }

    /// <summary>What is unknown about a run that needs a review, and how it is decided.</summary>
    public static JsonArray Review(RunDetail detail)
    {
        EffectRecord[] open = [.. detail.Effects.Where(e => e.State == EffectState.NeedsReview)];
        return new([.. open.Select(e => (JsonNode)new JsonObject
        {
            ["effect"] = e.Id,
            ["step"] = e.Path,
            ["connection"] = e.Connection,
            ["operation"] = e.Operation,
            ["subject"] = detail.Event.Subject,
            ["unknown"] = e.Code,
            ["sent"] = Sent(e, detail.Attempts) is { } sent ? Time(sent) : null,
            ["key"] = e.IdempotencyKey,
            ["request"] = Request(FrozenRequest.FromBytes(e.Request)),
            ["done"] = $"aria resolve {(open.Length == 1 ? detail.Run.Id : e.Id)} --done",
            ["sendAgain"] = $"aria resolve {(open.Length == 1 ? detail.Run.Id : e.Id)} --send-again",
        })]);
    }

    private static JsonObject Summary(RunSummary run) => new()
    {
        ["id"] = run.Id,
        ["state"] = Word(run.State),
        ["code"] = run.Code,
        ["pipeline"] = run.Pipeline,
        ["definition"] = run.DefinitionHash,
        ["event"] = run.EventId,
        ["type"] = run.EventType,
        ["connection"] = run.Connection,
        ["subject"] = run.Subject,
        ["received"] = Time(run.ReceivedUtc),
        ["due"] = run.DueUtc is { } due ? Time(due) : null,
        ["replay"] = run.Replay,
        ["replayedAs"] = run.ReplayedAs,
        ["failedStep"] = run.FailedStep,
        ["fingerprint"] = run.Fingerprint,
    };

    private static JsonObject Step(StepRecord step) => new()
    {
        ["path"] = step.Path,
        ["state"] = Word(step.State),
        ["started"] = Time(step.StartedUtc),
        ["output"] = Node(step.Output),
        ["error"] = step.State == StepState.Succeeded ? null : Node(step.Error),
        ["warning"] = step.State == StepState.Succeeded ? Node(step.Error) : null,
    };

    private static JsonObject Effect(EffectRecord effect, IReadOnlyList<AttemptRecord> attempts)
    {
        FrozenRequest request = FrozenRequest.FromBytes(effect.Request);
        return new JsonObject
        {
            ["id"] = effect.Id,
            ["path"] = effect.Path,
            ["force"] = effect.Force,
            ["class"] = Word(effect.Class),
            ["state"] = Word(effect.State),
            ["connection"] = effect.Connection,
            ["operation"] = effect.Operation,
            ["key"] = effect.IdempotencyKey,
            ["method"] = request.Method,
            ["url"] = request.Url,
            ["body"] = Body(request.Body),
            ["reference"] = effect.RemoteReference,
            ["code"] = effect.Code,
            ["attempts"] = new JsonArray([.. attempts.Where(a => a.EffectId == effect.Id).Select(a => (JsonNode)Attempt(a))]),
        };
    }

    private static JsonObject Attempt(AttemptRecord attempt) => new()
    {
        ["number"] = attempt.Number,
        ["phase"] = attempt.Phase,
        ["started"] = Time(attempt.StartedUtc),
        ["outcome"] = attempt.Outcome,
        ["status"] = attempt.HttpStatus,
        ["milliseconds"] = attempt.Milliseconds,
        ["code"] = attempt.Code,
        ["response"] = Node(attempt.Response),
    };

    /// <summary>When it first left: what came later may have been a look, or the question itself.</summary>
    private static DateTimeOffset? Sent(EffectRecord effect, IReadOnlyList<AttemptRecord> attempts) =>
        attempts.Where(a => a.EffectId == effect.Id && a.Phase == EffectRules.SendPhase).Select(a => (DateTimeOffset?)a.StartedUtc).Min() ?? effect.LastAttemptUtc;

    private static JsonObject Request(FrozenRequest request) => new() { ["method"] = request.Method, ["url"] = request.Url, ["body"] = Body(request.Body) };

    /// <summary>What was sent: JSON as it is, other text as text, and of anything else its size.</summary>
    private static JsonNode? Body(byte[] body)
    {
        if (body.Length == 0)
        {
            return null;
        }
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return Utf8.IsValid(body) ? Encoding.UTF8.GetString(body) : $"({body.Length} bytes that are no text)";
        }
    }

    private static string Time(DateTimeOffset time) => ControlAnswer.Time(time);

    private static JsonNode? Node(byte[]? json) => json is null ? null : JsonNode.Parse(json);

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
