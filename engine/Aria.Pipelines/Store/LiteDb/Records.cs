namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// The collections, version 1. Times are milliseconds since 1970 in UTC, and <c>due = 0</c> means at once. A file serves one tenant in one
/// environment. Ids made of several parts join them by <c>|</c> or <c>/</c>, numbers in 19 digits, so that what belongs together stands together.
/// </summary>
internal static class Records
{
    public const int Version = 1;

    /// <summary>By name: whose store it is and its version, its keys, and how many events, runs and effects are in which state.</summary>
    public const string Meta = "meta";

    /// <summary>By hash: bundles of definitions.</summary>
    public const string Definition = "definition";

    /// <summary>By public id.</summary>
    public const string Delivery = "delivery";

    /// <summary>By sequence: what is known of an event in the clear. <c>id</c> is the public id; <c>by_state</c> ends in the sequence.</summary>
    public const string Event = "event";

    /// <summary>By event sequence: subject, headers and body, encrypted.</summary>
    public const string Content = "content";

    /// <summary>By event sequence: the wrapped key of all its content.</summary>
    public const string DataKey = "data_key";

    /// <summary>By connection and hash: the event that a delivery would repeat.</summary>
    public const string Dedupe = "dedupe";

    /// <summary>By connection, hash of a correlation key and event sequence.</summary>
    public const string Correlation = "correlation";

    /// <summary>By sequence. <c>id</c> is the public id; <c>by_state</c> and <c>by_pipeline</c> end in the sequence.</summary>
    public const string Run = "run";

    /// <summary>By run sequence, path and iteration.</summary>
    public const string Step = "step";

    /// <summary>By run sequence, path and iteration.</summary>
    public const string Wait = "wait";

    /// <summary>By public id, with its attempts. <c>place</c> is its event and pipeline.</summary>
    public const string Effect = "effect";

    /// <summary>By hash of scope and key.</summary>
    public const string Once = "once_claim";

    /// <summary>By scope.</summary>
    public const string Limiter = "limiter";

    /// <summary>By connection and name: where reading stands.</summary>
    public const string Cursor = "cursor";

    /// <summary>By connection, cursor and hash of a key: the hash of the content that was read last.</summary>
    public const string CursorRecord = "cursor_record";

    /// <summary>By number, from 1: the rows of the audit chain. Its head is in <see cref="Meta"/>.</summary>
    public const string Audit = "audit";
}
