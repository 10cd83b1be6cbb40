using System.Globalization;

namespace Aria.Pipelines.Connectors;

/// <summary>A secret that a connection names, and up to when it is used.</summary>
/// <param name="Name">The name in <c>${secret:name}</c>.</param>
/// <param name="NotAfter">The last instant at which its value is used; null for no end.</param>
internal sealed record SecretName(string Name, DateTimeOffset? NotAfter = null)
{
    /// <summary>The last instant, as people are told of it; null for no end.</summary>
    public string? End => NotAfter?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    /// <summary>Whether its value is used at a time. It stays a secret afterwards.</summary>
    public bool IsActive(DateTimeOffset now) => NotAfter is not { } end || now <= end;
}
