using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>Every rule, run in one pass.</summary>
internal static class PipelineRules
{
    private static readonly IReadOnlyList<IPipelineRule> All =
    [
        new ReferenceRule(),
        new InputRule(),
        new DestinationRule(),
        new ConditionRule(),
        new AwaitRule(),
        new UnsafeEffectRule(),
        new SelfTriggerRule(),
        new PersonalDataRule(),
        new ScopeRule(),
        new DurationRule(),
        new TriggerRule(),
        new RolloutRule(),
        new OnceRule(),
        new UnusedRule(),
        new LiteralSecretRule(),
        new ForeignSyntaxRule(),
    ];

    public static void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (IPipelineRule rule in All)
        {
            rule.Check(pipeline, bag);
        }
    }
}
