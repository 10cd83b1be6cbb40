using System.Text.Json;

namespace Aria.Pipelines.Connectors;

/// <summary>What one request of a feed gave.</summary>
/// <param name="Items">Its records, in order, without those that the feed leaves out.</param>
/// <param name="Response">What mappings see as <c>response</c>.</param>
/// <param name="HasMore">True when there is another page.</param>
/// <param name="Next">What leads to it.</param>
internal sealed record PollPage(IReadOnlyList<JsonElement> Items, JsonElement Response, bool HasMore, string? Next)
{
    /// <summary>Why there is no page; null for a good one.</summary>
    public Exchange? Failure { get; init; }

    /// <summary>True when the source has forgotten the token.</summary>
    public bool TokenExpired { get; init; }

    /// <summary>True when the source does not give again what it gave out and was not stored.</summary>
    public bool IsMissing { get; init; }

    /// <summary>The records whose lists are still to be read; null where there is one list.</summary>
    public IReadOnlyList<JsonElement>? Parents { get; init; }

    /// <summary>True when the next page is the first one of another list.</summary>
    public bool BeginsAnother { get; init; }

    public static PollPage Failed(Exchange exchange) => new([], default, false, null) { Failure = exchange };
}

/// <summary>What a queue gave out last.</summary>
/// <param name="Given">Its position; null when the source cannot tell.</param>
internal sealed record QueueStand(string? Given)
{
    /// <summary>True when it was made just now.</summary>
    public bool IsNew { get; init; }

    /// <summary>Why it is not known; null when it is.</summary>
    public Exchange? Failure { get; init; }
}
