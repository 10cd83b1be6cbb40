using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Connectors;

/// <summary>An event that a connector offers.</summary>
/// <param name="Type">Its name, for example <c>application.stage_changed</c>.</param>
/// <param name="WireType">The vendor's own word for it on the wire, matched against the webhook's type path.</param>
/// <param name="Subject">Template over <c>payload</c> giving what it is about.</param>
/// <param name="Correlation">Declared correlation keys: templates over <c>payload</c>.</param>
/// <param name="Canonical">Mapping over <c>payload</c> and <c>settings</c> to the shape pipelines see; the engine adds <c>raw</c>, <c>type</c>, <c>id</c>.</param>
/// <param name="Samples">Payloads from the vendor's documentation, or constructed ones.</param>
internal sealed record ConnectorEvent(
    string Type,
    string WireType,
    CompiledMapping Subject,
    IReadOnlyDictionary<string, CompiledMapping> Correlation,
    CompiledMapping Canonical,
    IReadOnlyList<EventSample> Samples)
{
    /// <summary>What happened, in one sentence; empty when the connector does not say.</summary>
    public string Description { get; init; } = "";

    /// <summary>What its canonical form has to look like; null when the connector does not say. An event that does not fit is a warning of its runs.</summary>
    public ISchema? Schema { get; init; }

    /// <summary>Reads what completes it: an operation of class read that consists of its reads; null for an event that is complete.</summary>
    public ConnectorOperation? Enrich { get; init; }

    /// <summary>How it is found when the system does not send it; null for an event of the webhook, or of another event's feed.</summary>
    public PollDefinition? Poll { get; init; }

    /// <summary>The setting that chooses among <see cref="Feeds"/>; null when there is no choice and <see cref="Poll"/> is all there is.</summary>
    public string? FeedSetting { get; init; }

    /// <summary>The feeds to choose from, by value of the setting. They share one kind of cursor, so that another choice goes on where the first one stood.</summary>
    public IReadOnlyDictionary<string, PollDefinition> Feeds { get; init; } = new Dictionary<string, PollDefinition>();

    /// <summary>Values of the setting with which the system sends the event and is not asked; empty when it does so always or never.</summary>
    public IReadOnlyList<string> Pushed { get; init; } = [];

    /// <summary>The feed of one connection; null when the system sends the event, or for an event of another one's feed.</summary>
    public PollDefinition? PollFor(Connection connection)
    {
        if (FeedSetting is not { } setting || !connection.Settings.TryGetProperty(setting, out JsonElement chosen) || chosen.ValueKind != JsonValueKind.String)
        {
            return Poll;
        }
        string name = chosen.GetString()!;
        return Feeds.TryGetValue(name, out PollDefinition? feed) ? feed : Pushed.Contains(name) ? null : Poll;
    }

    /// <summary>Whether the system of a connection sends it.</summary>
    public bool IsPushedTo(Connection connection) => PolledWith is null && PollFor(connection) is null;

    /// <summary>The event whose feed also yields this one; null when it has its own, or comes by webhook.</summary>
    public string? PolledWith { get; init; }

    /// <summary>True for an event that a source is asked for; false for one that it sends.</summary>
    public bool IsPolled => Poll is not null || PolledWith is not null;
}

/// <summary>A sample delivery body.</summary>
/// <param name="File">Path relative to the connector folder.</param>
/// <param name="Constructed">True when no vendor sample exists and this one was made.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record EventSample(string File, bool Constructed, byte[] Body);
