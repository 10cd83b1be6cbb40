namespace Aria.Pipelines.Ingress;

/// <summary>What senders may ask of ingress.</summary>
/// <param name="DeliveriesPerSecond">How many deliveries one source may make in a second, and at once.</param>
/// <param name="AcceptsPlainHttp">True to take deliveries that other machines send without TLS.</param>
internal sealed record IngressLimits(int DeliveriesPerSecond, bool AcceptsPlainHttp = false);
