using System.Text;

namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>The live side of a <see cref="WebhookDelivery"/>; changed only under the sender's lock.</summary>
internal sealed class OutgoingDelivery(WebhookTarget target, string id, string name, byte[] body) : IDisposable
{
    private readonly List<WebhookAttempt> _attempts = [];

    public WebhookTarget Target { get; } = target;

    public string Id { get; set; } = id;

    public string Event { get; } = name;

    /// <summary>Where the state of what the event is about can be read; null when the vendor gives no such address.</summary>
    public Uri? Link { get; init; }

    /// <summary>What the event is about, where a header says it; null for nothing.</summary>
    public string? Subject { get; init; }

    public byte[] Body { get; } = body;

    public DeliveryState State { get; set; } = DeliveryState.Sending;

    public DateTimeOffset? NextAt { get; set; }

    public ITimer? Timer { get; set; }

    public TaskCompletionSource FirstAttempt { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Attempts => _attempts.Count;

    public void Add(WebhookAttempt attempt)
    {
        _attempts.Add(attempt);
        FirstAttempt.TrySetResult();
    }

    public WebhookDelivery View() =>
        new(Id, Target.Id, Event, Encoding.UTF8.GetString(Body), State, [.. _attempts], NextAt);

    public void Dispose() => Timer?.Dispose();
}
