namespace Aria.Pipelines.Connectors;

/// <summary>Something that has to exist in the system before the connector works, such as a webhook subscription or a field.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Instructions">What a person does in the system.</param>
/// <param name="Check">The check that tells whether it is there; null when nothing can tell.</param>
internal sealed record Provision(string Id, string Instructions, string? Check);
