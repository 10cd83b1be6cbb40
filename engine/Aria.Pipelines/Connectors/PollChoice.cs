namespace Aria.Pipelines.Connectors;

/// <summary>What <c>poll</c> of an event says: one feed, or several among which a setting chooses.</summary>
/// <param name="Default">The feed, or the one that the setting's default chooses; null for none, or when by default the system sends the event.</param>
/// <param name="Setting">The setting that chooses; null when there is no choice.</param>
/// <param name="Feeds">The feeds by value of the setting; empty when there is no choice.</param>
internal sealed record PollChoice(PollDefinition? Default, string? Setting, IReadOnlyDictionary<string, PollDefinition> Feeds)
{
    /// <summary>The event is not found by asking.</summary>
    public static readonly PollChoice None = One(null);

    /// <summary>In place of a feed: with this choice the system sends the event.</summary>
    public const string Webhook = "webhook";

    /// <summary>Values of the setting with which the system sends the event.</summary>
    public IReadOnlyList<string> Pushed { get; init; } = [];

    public static PollChoice One(PollDefinition? poll) => new(poll, null, new Dictionary<string, PollDefinition>());
}
