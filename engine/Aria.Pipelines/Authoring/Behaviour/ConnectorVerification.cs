using Aria.Pipelines.Authoring.Behaviour.Rules;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Holds a connector to every rule that its definition and samples can tell.</summary>
internal static class ConnectorVerification
{
    /// <summary>All rules, in order of their numbers.</summary>
    public static IReadOnlyList<BehaviourRule> Rules { get; } =
    [
        new DescribedRule(),
        new SampledRule(),
        new DecodesRule(),
        new IdentityRule(),
        new CorrelationRule(),
        new CanonicalEventRule(),
        new VocabularyRule(),
        new CanonicalReadRule(),
        new ResultRule(),
        new GoodSignatureRule(),
        new ChangedBodyRule(),
        new MissingSignatureRule(),
        new RotationRule(),
        new OldTimestampRule(),
        new AcknowledgementRule(),
        new PingRule(),
        new HonestReadRule(),
        new ReachableErrorRule(),
        new BudgetRule(),
        new NullsRule(),
        new UnknownMembersRule(),
        new UnicodeRule(),
        new SecretSettingsRule(),
        new TokenRule(),
        new MeaningRule(),
        new ProfileInputRule(),
        new PreparedRule(),
        new UnloadRule(),
    ];

    /// <summary>Everything that is wrong.</summary>
    public static IReadOnlyList<BehaviourFinding> Verify(ConnectorSubject subject) => [.. Rules.SelectMany(r => r.Check(subject))];
}
