namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>The rules that need nothing but the connector's folder, in the order of their ids.</summary>
internal static class BehaviourRules
{
    /// <summary>The rule without which no other can be applied.</summary>
    public const string Loading = "CB01";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        .. DefinitionRules.All,
        .. SampleRules.All,
        .. SignatureRules.All,
        .. ProfileRules.All,
        .. OperationRules.All,
        .. ToleranceRules.All,
        .. CodeRules.All,
    ];

    /// <summary>Holds the connector of a folder to all of them.</summary>
    /// <inheritdoc cref="TestedConnector.Load"/>
    public static IReadOnlyList<RuleResult> Run(string path, string displayPath)
    {
        using var tested = TestedConnector.Load(path, displayPath);
        return [.. All.Select(r => r.Run(tested))];
    }

    /// <summary>Always applied.</summary>
    public static string? Always(TestedConnector tested) => null;
}
