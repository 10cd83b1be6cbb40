namespace Aria.Pipelines.Ingress;

/// <summary>What one source may ask of ingress.</summary>
/// <param name="DeliveriesPerSecond">How many deliveries it may make in a second, and at once.</param>
internal sealed record IngressLimits(int DeliveriesPerSecond);
