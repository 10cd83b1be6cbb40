using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Effects;

/// <summary>What an action came to, for now.</summary>
internal abstract record EffectResult
{
    /// <summary>Done; its step is recorded.</summary>
    /// <param name="Output">What came of it.</param>
    /// <param name="Warning">What does not fit of the output; null for nothing.</param>
    public sealed record Done(JsonElement Output, Diagnostic? Warning) : EffectResult
    {
        /// <summary>True when the run was ended with it.</summary>
        public bool EndedRun { get; init; }
    }

    /// <summary>Definitely failed; nothing more will be tried by itself.</summary>
    public sealed record Failed(Diagnostic Problem) : EffectResult;

    /// <summary>To be tried again.</summary>
    /// <param name="At">Not before; null to use the step's retry delay.</param>
    /// <param name="Code">Why.</param>
    /// <param name="CountsAsAttempt">False for rate limits and visibility delays.</param>
    /// <param name="Message">What was found, for people; null when the code says it all.</param>
    public sealed record Again(DateTimeOffset? At, string Code, bool CountsAsAttempt, string? Message = null) : EffectResult;

    /// <summary>A person must decide.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Message">What was found, for people; null when the code says it all.</param>
    public sealed record Review(string Code, string? Message = null) : EffectResult;
}
