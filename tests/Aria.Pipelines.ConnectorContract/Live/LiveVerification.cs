namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>The rules that need the connector's system.</summary>
internal static class LiveVerification
{
    /// <summary>All rules, in order of their numbers.</summary>
    public static IReadOnlyList<LiveRule> Rules { get; } =
    [
        new EveryChangeOnceRule(),
        new RestartRule(),
        new LostAnswerRule(),
        new RefusedCredentialsRule(),
        new RateLimitRule(),
        new OneLoginRule(),
        new SecretsRule(),
        new WrittenNamesRule(),
        new ClockSkewRule(),
        new EndedLoginRule(),
        new HandshakeRule(),
        new SpentBudgetRule(),
        new BoundaryRule(),
        new ContentSenderRule(),
        new TwiceRule(),
    ];
}
