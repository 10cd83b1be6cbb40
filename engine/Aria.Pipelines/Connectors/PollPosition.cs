using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aria.Pipelines.Connectors;

/// <summary>Where the reading of a feed stands, as it is kept in the store.</summary>
internal sealed record PollPosition
{
    /// <summary>Changes before this time are known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The source's own token.</summary>
    public string? Token { get; init; }

    /// <summary>The largest id that is known, or the position in a queue.</summary>
    public string? After { get; init; }

    /// <summary>Number of the pass; part of the dedupe key of records whose content may come back.</summary>
    public long Pass { get; init; }

    /// <summary>True while what exists is only remembered: a source that is read for the first time begins now.</summary>
    public bool Silent { get; init; }

    /// <summary>True while everything is read again because the source has forgotten its token.</summary>
    public bool Again { get; init; }

    /// <summary>Page to read next, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>What the source said leads to that page; null for the first.</summary>
    public string? Next { get; init; }

    /// <summary>Lower bound asked for in this pass.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest change seen in this pass, when the cursor moves only at its end.</summary>
    public DateTimeOffset? High { get; init; }

    /// <summary>When the pass began, by the source's clock where it tells. Until it ends, changes may become visible behind the page that is read.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>A backfill ends here: later changes are seen anyway.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True when a backfill has read all there was.</summary>
    public bool Ended { get; init; }

    /// <summary>What a queue gave out last, while it is asked for that again.</summary>
    [JsonIgnore]
    public string? Given { get; init; }

    /// <summary>The records whose lists are still to be read in this pass, the one that is read first; null where there is one list. A pass that was stopped begins anew.</summary>
    [JsonIgnore]
    public IReadOnlyList<JsonElement>? Parents { get; init; }

    /// <summary>The first page of the pass under way.</summary>
    [JsonIgnore]
    public PollPosition Restarted => this with { Page = 1, Next = null, From = null, High = null, Began = null, Parents = null };

    public static PollPosition FromBytes(byte[] bytes) => JsonSerializer.Deserialize(bytes, PollJson.Default.PollPosition)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PollJson.Default.PollPosition);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PollPosition))]
internal sealed partial class PollJson : JsonSerializerContext;
