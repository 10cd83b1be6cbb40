namespace Aria.Pipelines.Store;

/// <summary>What operators may do in which state, for every store.</summary>
internal static class OperatorRules
{
    /// <summary>Phase of the attempt that stands for a decision.</summary>
    public const string DecisionPhase = "operator";

    /// <summary>Code of an effect that a person said was done.</summary>
    public const string MarkedDone = "marked_done";

    /// <summary>Outcome of the correction of what a person said the answer was.</summary>
    public const string Corrected = "corrected";

    /// <summary>Outcome of the decision to send again.</summary>
    public const string SentAgain = "sent_again";

    /// <summary>Code of a cancelled run.</summary>
    public const string ByOperator = "by_operator";

    /// <summary>Why a run cannot be replayed; null when it can.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="state">Its state; null when there is none.</param>
    /// <param name="isLatest">True when it is the latest of its event and pipeline.</param>
    public static string? ReplayRefusal(string runId, RunState? state, bool isLatest) => state switch
    {
        null => $"There is no run '{runId}'.",
        RunState.NeedsReview => $"Run '{runId}' needs a review first: decide its effect with 'aria resolve {runId}'.",
        RunState.Ready or RunState.Leased or RunState.Waiting => $"Run '{runId}' has not ended: it is {StateNames.Of(state.Value)}.",
        _ => isLatest ? null : $"Run '{runId}' was replayed before: replay its latest run, or its event.",
    };

    /// <summary>
    /// True when a replay plans an effect anew: refused and planned ones were certainly not processed, reads change nothing, and confirmed ones
    /// only with force.
    /// </summary>
    public static bool IsPlannedAnew(EffectState state, EffectClass effectClass, bool isForced) =>
        state != EffectState.Superseded
        && (state is EffectState.Rejected or EffectState.Planned || effectClass == EffectClass.Read || (isForced && state == EffectState.Confirmed));

    /// <summary>The intent that takes the place of an effect that is sent again: the same bytes, the next number.</summary>
    public static EffectPlan Again(EffectRecord effect, DateTimeOffset now) =>
        new(effect.Path, effect.Iteration, effect.Class, effect.Connection, effect.Operation, effect.Input, effect.Request, effect.IdempotencyKey, now, effect.Force + 1);

    /// <summary>Outcome of the attempt that a decision leaves behind.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="decision">What becomes of it.</param>
    /// <param name="runId">The latest run of its event and pipeline.</param>
    /// <param name="run">The state of that run.</param>
    /// <exception cref="OperatorRefusedException">The effect needs no review, and its answer is not one that a person gave and may correct now.</exception>
    public static string OutcomeOf(EffectRecord effect, EffectDecision decision, string runId, RunState run)
    {
        if (effect.State == EffectState.NeedsReview)
        {
            return decision.SendAgain ? SentAgain : MarkedDone;
        }
        if (!IsMarkedDone(effect) || decision.SendAgain || decision.Output is null)
        {
            throw new OperatorRefusedException($"Effect '{effect.Id}' is {StateNames.Of(effect.State)}: only an effect that needs a review can be decided.");
        }
        return run is RunState.Ready or RunState.Leased
            ? throw new OperatorRefusedException($"Run '{runId}' goes on with the former answer of effect '{effect.Id}' at this moment. Correct it when the run waits or has ended.")
            : Corrected;
    }

    /// <summary>True when the answer of an effect is what a person said it was.</summary>
    public static bool IsMarkedDone(EffectRecord effect) => effect is { State: EffectState.Confirmed, Code: MarkedDone };

    /// <exception cref="OperatorRefusedException">The run has ended, or somebody works on it.</exception>
    public static void RequireMayCancel(string runId, RunState state)
    {
        if (state == RunState.Leased)
        {
            throw new OperatorRefusedException($"Run '{runId}' is being worked on at this moment. Try again in a second.");
        }
        if (state is not (RunState.Ready or RunState.Waiting or RunState.NeedsReview))
        {
            throw new OperatorRefusedException($"Run '{runId}' has ended as {StateNames.Of(state)}: there is nothing to cancel.");
        }
    }

    /// <exception cref="OperatorRefusedException">The event is in none of these states.</exception>
    public static void RequireState(string eventId, string found, params ReadOnlySpan<string> required)
    {
        if (!required.Contains(found))
        {
            throw new OperatorRefusedException($"Event '{eventId}' is {found}, not {string.Join(" or ", required!)}.");
        }
    }

    public static OperatorRefusedException NoEvent(string eventId) => new($"There is no event '{eventId}'.");

    public static OperatorRefusedException NoEffect(string effectId) => new($"There is no effect '{effectId}'.");

    public static OperatorRefusedException NoRun(string runId) => new($"There is no run '{runId}'.");
}
