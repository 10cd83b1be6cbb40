using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Testing;

/// <summary>A case as it is written: an event, what the targets answer, what passes, and what must have happened in the end.</summary>
internal sealed record CaseDefinition
{
    /// <summary>Its file, as findings show it.</summary>
    public required string File { get; init; }

    public string Description { get; init; } = "";

    /// <summary>When the case begins.</summary>
    public DateTimeOffset At { get; init; } = DefaultStart;

    /// <summary>What had happened before; its runs are not looked at, its claims hold.</summary>
    public IReadOnlyList<CaseMoment> Given { get; init; } = [];

    /// <summary>What starts the run that the case is about.</summary>
    public required CaseEvent Event { get; init; }

    public IReadOnlyList<CaseAnswer> Answers { get; init; } = [];

    public IReadOnlyList<CaseMoment> Then { get; init; } = [];

    /// <summary>What must have happened; null when it has not been written yet.</summary>
    public CaseExpectation? Expect { get; init; }

    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
}

/// <summary>One of both: time passes, or an event comes.</summary>
internal sealed record CaseMoment(TimeSpan? After, CaseEvent? Event);

/// <summary>An incoming event.</summary>
/// <param name="Position">Where it is written.</param>
/// <param name="Alias">Name of the connection in the pipeline; empty for a manual start.</param>
/// <param name="Manual">Subject of a manual start; null for a delivery.</param>
/// <param name="Body">Raw bytes of the delivery; null when a sample is taken.</param>
/// <param name="Sample">Event type whose first sample is the delivery; null when the body is given.</param>
/// <param name="Merge">Changes to the body, as a JSON merge patch (RFC 7386); null for none.</param>
internal sealed record CaseEvent(SourcePosition Position, string Alias, string? Manual, byte[]? Body, Reference? Sample, JsonElement? Merge)
{
    /// <summary>Where the name of the connection is written.</summary>
    public SourcePosition AliasPosition { get; init; } = Position;

    /// <summary>The event that the body is a record of, at a source that is asked; null for a delivery.</summary>
    public Reference? Polled { get; init; }

    /// <summary>The schedule whose time comes, in the words of the pipeline; null for everything else.</summary>
    public Reference? Schedule { get; init; }

    /// <summary>How many of its times had passed unseen.</summary>
    public int Missed { get; init; }
}

/// <summary>What an account answers.</summary>
/// <param name="Position">Where it is written.</param>
/// <param name="To">Which requests it answers.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers.</param>
/// <param name="Body">JSON body as text, with the placeholders of the case; null for none.</param>
/// <param name="Loss">Null for an answer that arrives.</param>
/// <param name="Times">How many requests it answers; null for any number, even none.</param>
internal sealed record CaseAnswer(
    SourcePosition Position, CaseTarget To, int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string? Body, CaseLoss? Loss, int? Times)
{
    public const int LeastStatus = 100;
    public const int GreatestStatus = 599;

    /// <summary>Status of an answer that names none.</summary>
    public const int Good = 200;

    /// <summary>What a prerequisite read gives without being sent, as JSON text with the placeholders of the case; null for an answer to a request.</summary>
    public string? Value { get; init; }

    /// <summary>Which of the reads that send this request; null for any.</summary>
    public string? Read { get; init; }
}

internal enum CaseLoss
{
    /// <summary>The request was processed, or not: no answer came.</summary>
    Lost,

    /// <summary>Nothing was reached.</summary>
    Unreachable,
}

/// <summary>What must have happened, as written.</summary>
internal sealed record CaseExpectation(JsonElement Written);
