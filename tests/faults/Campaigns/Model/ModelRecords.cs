using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Model;

/// <summary>An event as the model knows it.</summary>
internal sealed class ModelEvent
{
    public required int Number { get; init; }

    public required string Key { get; init; }

    public required string OrderKey { get; init; }

    public required string Type { get; init; }

    public required string? Interview { get; init; }

    public required long Received { get; init; }

    public bool HoldsKey { get; set; } = true;

    public string State { get; set; } = EventStates.Open;
}

/// <summary>A run as the model knows it. Times are milliseconds; a due time of 0 is at once.</summary>
internal sealed class ModelRun
{
    public required ModelEvent Event { get; init; }

    public required string Pipeline { get; init; }

    public RunState State { get; set; } = RunState.Ready;

    public long Due { get; set; }

    public long Until { get; set; }

    public long Fence { get; set; }

    public int Attempts { get; set; }

    public int Crashes { get; set; }

    public string? Code { get; set; }

    public SortedDictionary<string, StepState> Steps { get; } = new(StringComparer.Ordinal);

    public List<ModelWait> Waits { get; } = [];

    public bool IsOpen => State is RunState.Ready or RunState.Leased or RunState.Waiting or RunState.NeedsReview;
}

/// <summary>A wait as the model knows it.</summary>
internal sealed class ModelWait
{
    public required string Path { get; init; }

    public required string Interview { get; init; }

    public required long Due { get; init; }

    public WaitState State { get; set; }

    public ModelEvent? Event { get; set; }
}

/// <summary>An effect as the model knows it.</summary>
internal sealed class ModelEffect
{
    public required string Path { get; init; }

    public required EffectClass Class { get; init; }

    public EffectState State { get; set; } = EffectState.Planned;

    public int Attempts { get; set; }

    public int Lookups { get; set; }

    /// <summary>Phase and outcome of each attempt; an outcome of null is under way.</summary>
    public List<(string Phase, string? Outcome)> Tries { get; } = [];
}
