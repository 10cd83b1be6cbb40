namespace Aria.Pipelines.Authoring.Offers;

/// <summary>One event or operation of one system, or one that the system does not have: a row of the matrix.</summary>
/// <param name="System">The connector's name.</param>
/// <param name="Name">Name of the event or operation.</param>
/// <param name="Kind">What it is.</param>
/// <param name="How">How it comes or is done; for what is not there, why, and what to use instead.</param>
/// <param name="Effect">Effect class of an operation, with the setting that decides it; null for everything else.</param>
/// <param name="Limit">Requests that the system allows, or how often it is asked; null where nothing is sent.</param>
internal sealed record Offer(string System, string Name, OfferKind Kind, string How, string? Effect, string? Limit);

internal enum OfferKind
{
    Event,
    Operation,

    /// <summary>Declared as impossible.</summary>
    Absent,
}
