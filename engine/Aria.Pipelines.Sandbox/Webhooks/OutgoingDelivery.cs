using System.Text;

namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>The live side of a <see cref="WebhookDelivery"/>; changed only under the sender's lock.</summary>
internal sealed class OutgoingDelivery(WebhookTarget target, string id, string name, byte[] body) : IDisposable
{
    private readonly List<WebhookAttempt> _attempts = [];

    public WebhookTarget Target { get; } = target;

    public string Id { get; set; } = id;

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
        new(Id, Target.Id, name, Encoding.UTF8.GetString(Body), State, [.. _attempts], NextAt);

    public void Dispose() => Timer?.Dispose();
}
