namespace Aria.Pipelines.Abstractions;

/// <summary>
/// The code half of a connector, for what <c>connector.json</c> cannot say. Implement this by implementing the abilities you need, all optional:
/// <list type="bullet">
/// <item><see cref="IVerifiesDeliveries"/>: a webhook signature that ordered signed parts cannot describe.</item>
/// <item><see cref="IDecodesDeliveries"/>: a webhook body that is not JSON.</item>
/// <item><see cref="IPreparesRequests"/>: a request that a template cannot build, or an answer that a mapping cannot read.</item>
/// <item><see cref="IAuthenticates"/>: credentials that the declared kinds of authentication cannot express.</item>
/// </list>
/// The host creates one instance per connector through the public parameterless constructor, in a load context of its own, and calls it from
/// several threads. An ability is pure: it computes, the host sends, stores, retries and limits. An exception thrown by an ability fails the delivery
/// (quarantined) or the step (code <c>connector_failed</c>), never the host.
/// </summary>
public interface IConnector
{
}
