namespace Aria.Pipelines.Definitions;

/// <summary>A pipeline as written in <c>pipeline.json</c>. Values that are mappings stay cursors, so that compilation can report their place.</summary>
internal sealed record PipelineDefinition
{
    /// <summary>The folder's name.</summary>
    public required string Id { get; init; }

    public string Description { get; init; } = "";

    /// <summary>False stops new runs; parked ones finish.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Alias used in this file → id of a connection, with its place; null for one that is not written as a text.</summary>
    public IReadOnlyDictionary<string, Reference?> Connections { get; init; } = new Dictionary<string, Reference?>();

    public IReadOnlyList<TriggerDefinition> Triggers { get; init; } = [];

    public RolloutDefinition? Rollout { get; init; }

    public JsonCursor? Lookups { get; init; }

    public IReadOnlyList<StepDefinition> Steps { get; init; } = [];

    public IReadOnlyList<StepDefinition> OnFailure { get; init; } = [];

    public required SourcePosition Position { get; init; }
}

/// <summary>A name written in a file, and where.</summary>
internal sealed record Reference(string Name, SourcePosition Position);

/// <summary>What starts a run: an event (<c>on</c>), a person (<c>manual</c>), or a clock (<c>schedule</c>).</summary>
/// <param name="On"><c>alias.event</c>; null for a manual trigger.</param>
/// <param name="When">Jint expression over <c>event</c> and <c>lookups</c>.</param>
/// <param name="ManualSubject"><c>alias.noun</c>: the host runs the connector's <c>noun.get</c> for the id given.</param>
internal sealed record TriggerDefinition(Reference? On, JsonCursor? When, Reference? ManualSubject)
{
    /// <summary>Times at which the pipeline starts by itself; null for another kind of trigger.</summary>
    public ScheduleDefinition? Schedule { get; init; }
}

/// <summary>Times as written: exactly one of cron and every is given.</summary>
/// <param name="Cron">Five fields, with its place.</param>
/// <param name="Every">A period, with its place.</param>
/// <param name="TimeZone">IANA name; null for UTC.</param>
internal sealed record ScheduleDefinition(Reference? Cron, (TimeSpan Period, SourcePosition Position)? Every, Reference? TimeZone);

/// <summary>Limits a pipeline to some values of an expression.</summary>
internal sealed record RolloutDefinition(JsonCursor By, IReadOnlyList<string> Only);

/// <summary>One step as written; exactly one of action, map and await is given.</summary>
internal sealed record StepDefinition
{
    /// <summary>The answer of <see cref="OnUnknown"/> that allows duplicates.</summary>
    public const string SendAgain = "sendAgain";

    public required string Id { get; init; }

    public required SourcePosition Position { get; init; }

    /// <summary>The whole step, for rules that need the place of a member.</summary>
    public required JsonCursor Written { get; init; }

    public JsonCursor? When { get; init; }

    /// <summary><c>alias.operation</c>.</summary>
    public Reference? Action { get; init; }

    public JsonCursor? With { get; init; }

    public OnceDefinition? Once { get; init; }

    public RetryDefinition? Retry { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <summary><c>stop</c> or <c>continue</c>; null with <see cref="OnFailureSteps"/>, or for the default.</summary>
    public string? OnFailure { get; init; }

    public IReadOnlyList<StepDefinition> OnFailureSteps { get; init; } = [];

    /// <summary>What follows an outcome that nobody can find out: <c>review</c> or <see cref="SendAgain"/>; null when the author has not said.</summary>
    public string? OnUnknown { get; init; }

    public JsonCursor? Map { get; init; }

    public AwaitDefinition? Await { get; init; }
}

/// <summary>Claims a key across pipelines for a time.</summary>
internal sealed record OnceDefinition(JsonCursor Key, TimeSpan Within, string Scope);

/// <summary>How often and how soon a step is tried again.</summary>
/// <param name="Max">Tries in all, at least 1.</param>
/// <param name="Delay">Wait before the second try; doubles each time, up to an hour.</param>
internal sealed record RetryDefinition(int Max, TimeSpan Delay);

/// <summary>Parks the run until an event or a deadline.</summary>
internal sealed record AwaitDefinition(IReadOnlyList<Reference> On, IReadOnlyList<KeyValuePair<string, JsonCursor>> Match, TimeSpan Timeout, bool ContinueOnTimeout);
