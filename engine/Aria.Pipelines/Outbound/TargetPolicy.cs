namespace Aria.Pipelines.Outbound;

/// <summary>What the environment allows beyond public HTTPS targets. Production allows neither.</summary>
internal sealed record TargetPolicy(bool AllowLoopback, bool AllowPlainHttp)
{
    public static readonly TargetPolicy PublicHttpsOnly = new(false, false);
}
