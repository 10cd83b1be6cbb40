using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>What holds for all requests of a connector.</summary>
internal sealed record HttpDefinition
{
    /// <summary>Template over <c>settings</c>.</summary>
    public required CompiledMapping BaseUrl { get; init; }

    public IReadOnlyList<KeyValuePair<string, CompiledMapping>> Headers { get; init; } = [];

    /// <summary>True when the connector's code writes the bodies of requests and reads those of answers; otherwise they are JSON.</summary>
    public bool BodiesByCode { get; init; }

    public AuthDefinition? Auth { get; init; }

    /// <summary>Names of the secret settings that <see cref="Auth"/> and <see cref="Certificate"/> refer to.</summary>
    public IReadOnlyList<string> AuthSecrets { get; init; } = [];

    /// <summary>Rules in order; the first fitting one with a kind classifies an answer, the first fitting one whose message is there explains it. Defaults stand behind them.</summary>
    public IReadOnlyList<ErrorRule> Errors { get; init; } = [];

    /// <summary>How lists are paged; null when nothing says so.</summary>
    public Paging? Paging { get; init; }

    /// <summary>The certificate that is shown of this side; null for none.</summary>
    public CertificateDefinition? Certificate { get; init; }

    /// <summary>True when answers are XML, which mappings see as JSON.</summary>
    public bool ReadsXml { get; init; }

    public BudgetLimit? Limit { get; init; }

    /// <summary>Windows that hold beside <see cref="Limit"/>.</summary>
    public IReadOnlyList<BudgetLimit> MoreLimits { get; init; } = [];

    /// <summary>How many requests may be under way at once; null for as many as there are.</summary>
    public int? Concurrent { get; init; }

    /// <summary>Header telling how many requests are left in the window; null for the usual ones.</summary>
    public string? RemainingHeader { get; init; }

    /// <summary>Header telling when there are more; null for the usual ones.</summary>
    public TimeHeader? Reset { get; init; }

    /// <summary>Header telling when to come again; null for <c>Retry-After</c>.</summary>
    public TimeHeader? RetryAfter { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A client certificate (mutual TLS), as PEM texts.</summary>
/// <param name="Certificate">The certificate, followed by those of its issuers where the target wants them.</param>
/// <param name="Key">Its private key.</param>
internal sealed record CertificateDefinition(CompiledMapping Certificate, CompiledMapping Key);

/// <summary>A header with a time.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">What it holds.</param>
internal sealed record TimeHeader(string Name, TimeUnit Unit);

internal enum TimeUnit
{
    /// <summary>Seconds from now.</summary>
    Seconds,

    /// <summary>Milliseconds from now.</summary>
    Milliseconds,

    /// <summary>Seconds or milliseconds since 1970.</summary>
    Epoch,

    /// <summary>A date: HTTP's, or ISO 8601.</summary>
    Date,
}
