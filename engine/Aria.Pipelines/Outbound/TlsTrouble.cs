namespace Aria.Pipelines.Outbound;

/// <summary>Why a secure connection was not made or did not last, in words that say what to mend.</summary>
internal static class TlsTrouble
{
    /// <summary>A handshake that failed, on this side or on the target's.</summary>
    public static string NoConnection(Uri url, TargetPolicy policy, Exception failure)
    {
        string trusted = policy.Authority is { } authority
            ? $"Its certificate has to be for this host, in date, and issued by {authority.Subjects}: 'trust' of the connection names no other authority."
            : "Its certificate has to be for this host, in date, and issued by an authority that this machine trusts; a private one is named by 'trust' in the connection.";
        return $"No secure connection to '{url.Authority}': {Innermost(failure)} {trusted}{Shown(policy)}";
    }

    /// <summary>A connection that ended. With a certificate of ours, its refusal may be the reason: TLS 1.3 tells it after the request has left, or not at all.</summary>
    public static string Ended(Uri url, TargetPolicy policy, Exception failure) =>
        url.Scheme == Uri.UriSchemeHttps && policy.Certificate is not null ? $"{Innermost(failure)}{Shown(policy)}" : failure.Message;

    private static string Shown(TargetPolicy policy) =>
        policy.Certificate is { } certificate ? $" It was shown the client certificate {certificate.Description}; a target that does not accept that ends the connection." : "";

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }
        return failure.Message.TrimEnd('.') + '.';
    }
}
