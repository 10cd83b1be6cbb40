namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>An attempt is under way or about to start.</summary>
    Sending,

    /// <summary>The last attempt failed and the next one has a time.</summary>
    Waiting,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>The last allowed attempt failed, or the receiver was removed.</summary>
    Failed,
}
