using System.Security.Cryptography.X509Certificates;

namespace Aria.Pipelines.ConnectorContract;

/// <summary>
/// A stand-in for a connector's system, written from the vendor's documentation, that listens on this machine. With it the suite drives the
/// connector over HTTP; without it, only what definition and samples tell is looked at.
/// </summary>
/// <remarks>One stand serves one rule. It is disposed afterwards.</remarks>
public interface IConnectorStand : IAsyncDisposable
{
    /// <summary>Scheme, host and port. Settings that hold it are led through a proxy, which breaks connections and changes answers.</summary>
    Uri BaseUrl { get; }

    /// <summary>The clock of stand and host. <see cref="Advance"/> moves it.</summary>
    TimeProvider Time { get; }

    /// <summary>A connection file (JSON) for the connector, pointing at <see cref="BaseUrl"/>; secrets as <c>${secret:name}</c>.</summary>
    string Connection { get; }

    /// <summary>The secrets that <see cref="Connection"/> names, with values that the stand accepts. The hook's secret is one of them.</summary>
    IReadOnlyDictionary<string, string> Secrets { get; }

    /// <summary>The stage that <see cref="Move"/> moves to, by the name that pipelines see.</summary>
    string Stage { get; }

    /// <summary>Changes that the system made more often than it was asked to, as people would count them: notes, tags, files with the same content.</summary>
    int Duplicates { get; }

    /// <summary>What a proxy before the stand needs when <see cref="BaseUrl"/> is https; null leaves out the rules that break connections.</summary>
    StandCertificates? Certificates => null;

    /// <summary>What the system does, where it is not an ATS that keeps results.</summary>
    StandWork Work => StandWork.OfAnAts;

    /// <summary>How many records a page of its lists holds; null where lists have no pages.</summary>
    int? PageSize => null;

    /// <summary>The headers by which the system says that nothing is left until a time; null for a system that says no such thing.</summary>
    /// <param name="until">When there is more; in whole seconds.</param>
    IReadOnlyDictionary<string, string>? Spent(DateTimeOffset until) => null;

    /// <summary>The body by which the system tells of an application, for a connector that cannot read one.</summary>
    /// <param name="applicationId">The application, as events name it.</param>
    ReadOnlyMemory<byte>? Announcement(string applicationId) => null;

    /// <summary>What an application holds of a result.</summary>
    /// <param name="applicationId">The application, as events name it.</param>
    StandHolding Held(string applicationId);

    /// <summary>Lets time pass.</summary>
    void Advance(TimeSpan time);

    /// <summary>Tells the system where to announce changes. A system that is asked does nothing.</summary>
    /// <param name="hook">The host's address for this connection.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task ConnectAsync(Uri hook, CancellationToken cancellationToken);

    /// <summary>A person applies.</summary>
    /// <param name="firstName">First name.</param>
    /// <param name="lastName">Last name.</param>
    /// <param name="email">E-mail address, another one for each person.</param>
    /// <returns>The application's id, as events name it.</returns>
    string Apply(string firstName, string lastName, string email);

    /// <summary>A recruiter moves an application to <see cref="Stage"/>.</summary>
    void Move(string applicationId);

    /// <summary>Completes when the host has had the occasion to learn of every change: deliveries were tried, or the system was asked since.</summary>
    Task WhenQuietAsync(CancellationToken cancellationToken);
}

/// <summary>With these a proxy stands between connector and stand, and ends TLS on both of its sides.</summary>
/// <param name="Authority">Who issued the certificates: the <c>trust</c> of <see cref="IConnectorStand.Connection"/> names it.</param>
/// <param name="Server">For the proxy's own side, with its key: for 127.0.0.1.</param>
/// <param name="Client">For the stand's side, with its key: one that the stand accepts.</param>
public sealed record StandCertificates(X509Certificate2 Authority, X509Certificate2 Server, X509Certificate2 Client);

/// <summary>What an application holds of a result. Canonical words; null when nothing is there.</summary>
/// <param name="Status"><c>pending</c>, <c>completed</c> or <c>no_show</c>.</param>
/// <param name="Score">As the system shows it.</param>
/// <param name="Recommendation"><c>advance</c>, <c>maybe</c> or <c>pass</c>.</param>
/// <param name="TranscriptUrl">Address of the transcript.</param>
/// <param name="Notes">How many notes there are that ask for attention; with steps of the stand's own, how often what they make is there.</param>
public sealed record StandHolding(string? Status, string? Score, string? Recommendation, string? TranscriptUrl, int Notes);
