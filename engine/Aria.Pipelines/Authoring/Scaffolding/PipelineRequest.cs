namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>What a new pipeline is to do.</summary>
/// <param name="Name">Its folder, and so its id.</param>
/// <param name="Ats">Id of the connection to the applicant tracking system.</param>
/// <param name="Aria">Id of the connection to ARIA.</param>
/// <param name="Triggers">What starts it.</param>
/// <param name="Stage">The stage that a candidate must reach; null for any.</param>
/// <param name="Jobs">Requisitions it is limited to; empty for all.</param>
/// <param name="Kit">Interview kit of the invitations.</param>
internal sealed record PipelineRequest(string Name, string Ats, string Aria, IReadOnlyList<PipelineTrigger> Triggers, string? Stage, IReadOnlyList<string> Jobs, string Kit);

/// <summary>The triggers that a new pipeline may have.</summary>
internal enum PipelineTrigger
{
    /// <summary>A candidate reaches a stage.</summary>
    Stage,

    /// <summary>Somebody applies.</summary>
    Application,

    /// <summary>A recruiter asks for it.</summary>
    Manual,
}
