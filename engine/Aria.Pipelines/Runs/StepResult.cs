using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Runs;

/// <summary>What executing one step came to.</summary>
internal abstract record StepResult
{
    /// <summary>Recorded; go on.</summary>
    public sealed record Done : StepResult;

    /// <summary>Recorded as failed.</summary>
    public sealed record Failed(Diagnostic Problem) : StepResult;

    /// <summary>The run is parked: its lease is gone.</summary>
    public sealed record Parked : StepResult;

    /// <summary>The run has ended with it, well.</summary>
    public sealed record Ended : StepResult;

    /// <summary>The run stops here for now, or for good.</summary>
    public sealed record Leave(RunTransition Transition) : StepResult;
}
