namespace Aria.Pipelines.Ingress;

/// <summary>What offering a stored event again came to.</summary>
/// <param name="Events">The events that were accepted, or the event itself when it was matched.</param>
/// <param name="Runs">The runs it started.</param>
/// <param name="Refusal">Why nothing took it; null when something did.</param>
internal sealed record Offer(IReadOnlyList<string> Events, IReadOnlyList<string> Runs, string? Refusal)
{
    public static Offer Refused(string why) => new([], [], why);
}
