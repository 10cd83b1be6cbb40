namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>A person who applies. Every text is sent as it is given, so hostile strings can be tried.</summary>
public sealed record GreenhouseCandidate(string FirstName, string LastName, string? Email = null, string? Phone = null)
{
    /// <summary>File name of a résumé to attach to the application; null attaches none.</summary>
    public string? ResumeFilename { get; init; }
}
