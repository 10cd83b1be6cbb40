namespace Aria.Pipelines.Mapping;

/// <summary>A limit or rule of ours was broken inside a running mapping; the value that was evaluating adds the place.</summary>
internal sealed class MappingLimitException(string code, string summary, string detail = "") : Exception(summary)
{
    public string Code { get; } = code;

    public string Detail { get; } = detail;

    /// <summary>A number that no double, decimal or integer can hold without becoming infinite.</summary>
    public static MappingLimitException NumberOutOfRange(string number) => new(
        MappingCodes.NumberOutOfRange,
        $"The number '{(number.Length > 40 ? number[..40] + "…" : number)}' is out of range.",
        "Copy it with a template that is exactly one {{ expression }}, which keeps its digits, or leave it out of the calculation.");
}
