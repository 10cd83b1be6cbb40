namespace Aria.Pipelines.ConnectorContract;

/// <summary>What a stand's system is about. The default is an ATS: people apply, recruiters move them, and results are written.</summary>
public sealed record StandWork
{
    /// <summary>An ATS that keeps results.</summary>
    public static StandWork OfAnAts { get; } = new();

    /// <summary>What events are about. Their id is under <c>&lt;noun&gt;.id</c> or <c>&lt;noun&gt;_id</c>.</summary>
    public string Noun { get; init; } = "application";

    /// <summary>The event of what <see cref="IConnectorStand.Apply"/> does.</summary>
    public string Created { get; init; } = "application.created";

    /// <summary>The event of what <see cref="IConnectorStand.Move"/> does.</summary>
    public string Moved { get; init; } = "application.stage_changed";

    /// <summary>The steps that write to the system, as a JSON array of a pipeline's steps, where its connector cannot write a result; null otherwise. The connection's alias is <c>ats</c>.</summary>
    public string? Steps { get; init; }
}
