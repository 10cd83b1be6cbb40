namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>How one vendor sends: what counts as success, how long it waits for an answer, and when it tries again.</summary>
internal sealed record WebhookRules
{
    /// <summary>Waits before the second, third … attempt; their number + 1 is the number of attempts.</summary>
    public required IReadOnlyList<TimeSpan> Waits { get; init; }

    public required Func<int, bool> Succeeds { get; init; }

    /// <summary>Headers of one attempt from (secret, body, delivery id), the signature among them.</summary>
    public required Func<string, byte[], string, IReadOnlyList<(string Name, string Value)>> Headers { get; init; }

    /// <summary>The body of one receiver from (secret, body), for vendors whose signature is inside it.</summary>
    public Func<string, byte[], byte[]> Body { get; init; } = (_, body) => body;

    /// <summary>Headers of one attempt that need more than those three, such as the event's name; they follow <see cref="Headers"/>.</summary>
    public Func<OutgoingDelivery, IReadOnlyList<(string Name, string Value)>> MoreHeaders { get; init; } = _ => [];

    /// <summary>True compresses what is posted, and says so in Content-Encoding.</summary>
    public bool Gzip { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True gives every attempt its own delivery id.</summary>
    public bool NewIdOnRetry { get; init; }
}
