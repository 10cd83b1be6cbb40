namespace Aria.Pipelines.Sandbox.BambooHR;

/// <summary>The account at one moment, for assertions.</summary>
/// <param name="Applications">By id.</param>
/// <param name="Lists">How often a list of applications was answered to its end.</param>
public sealed record BambooHRSnapshot(IReadOnlyList<BambooHRApplicationView> Applications, int Lists)
{
    /// <summary>The application of this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public BambooHRApplicationView Application(long id) =>
        Applications.FirstOrDefault(a => a.Id == id) ?? throw new KeyNotFoundException($"There is no application {id}.");
}

/// <summary>One application. The vendor gives comments to people only, never over its API.</summary>
public sealed record BambooHRApplicationView(long Id, long ApplicantId, long JobId, string Status, IReadOnlyList<string> Comments);
