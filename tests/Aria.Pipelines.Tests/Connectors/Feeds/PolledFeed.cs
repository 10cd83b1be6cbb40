using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Faults;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>What of a change can be seen by asking.</summary>
internal enum FeedSight
{
    /// <summary>Every change, whenever it is asked: the source keeps a list of them.</summary>
    Every,

    /// <summary>The last change before it is asked, also one that leads back.</summary>
    Last,

    /// <summary>What differs from what was seen before.</summary>
    Difference,
}

/// <summary>One feed of a shipped connector.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Event">The event that it finds.</param>
/// <param name="Sight">What it can find.</param>
/// <param name="Open">Starts a fresh account of the vendor's stand-in on a clock.</param>
internal sealed record PolledFeed(string Connector, string Event, FeedSight Sight, Func<TimeProvider, CancellationToken, Task<PolledAccount>> Open)
{
    /// <summary>Settings beside those of the account, as JSON.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>True when it remembers what it finds when it begins; false when what changes afterwards is all it knows.</summary>
    public bool KnowsWhatWasThere { get; init; } = true;
}

/// <summary>An account of a vendor's stand-in behind a socket, in which things happen.</summary>
internal abstract class PolledAccount : IAsyncDisposable
{
    /// <summary>Settings of the connection; secrets as <c>${secret:name}</c>.</summary>
    public abstract JsonObject Settings { get; }

    /// <summary>Whom the connection trusts beside the machine's authorities, such as <c>${secret:name}</c>; null for nobody.</summary>
    public virtual string? Trust => null;

    /// <summary>The secrets that are named.</summary>
    public abstract IReadOnlyDictionary<string, string> Secrets { get; }

    /// <summary>Faults of the stand-in's answers.</summary>
    public abstract FaultList Faults { get; }

    /// <summary>Somebody applies.</summary>
    /// <param name="number">Tells people apart.</param>
    public abstract FeedChange Apply(int number);

    /// <summary>Something happens to an application: it is moved, there and back, or whatever its vendor has.</summary>
    /// <param name="application">As <see cref="FeedChange.Application"/> names it.</param>
    /// <param name="dice">Decides what.</param>
    public abstract FeedChange Change(string application, Dice dice);

    /// <summary>Which application an event is about, and what became of it, in the words of <see cref="FeedChange"/>.</summary>
    /// <param name="payload">The event as the feed gave it.</param>
    public abstract (string Application, string Mark) Read(JsonElement payload);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A change in an account.</summary>
/// <param name="Application">What it happened to.</param>
/// <param name="Mark">What became of it, such as the new stage; null when the feed is about something else.</param>
internal sealed record FeedChange(string Application, string? Mark)
{
    /// <summary>True when the feed cannot see the application any more: what it did not see of it before it may never see.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>An event that the engine has accepted.</summary>
/// <param name="Application">What it is about.</param>
/// <param name="Mark">What became of it.</param>
/// <param name="At">When it was accepted.</param>
internal sealed record FeedNews(string Application, string Mark, DateTimeOffset At);
