namespace Aria.Pipelines.Outbound;

/// <summary>What the environment allows beyond public HTTPS targets. Production allows neither.</summary>
internal sealed record TargetPolicy(bool AllowLoopback, bool AllowPlainHttp)
{
    public static readonly TargetPolicy PublicHttpsOnly = new(false, false);

    /// <summary>What is shown to targets that ask for a certificate; null for nothing. Sockets opened with one never serve another.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>Who alone may have issued the certificates of targets; null for the authorities that the machine trusts.</summary>
    public TrustedAuthority? Authority { get; init; }
}
