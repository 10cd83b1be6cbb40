namespace Aria.Pipelines.Definitions;

/// <summary>A place in a definition file; line and column are 1-based, columns count UTF-16 code units.</summary>
internal readonly record struct SourcePosition(string? File, int? Line, int? Column)
{
    public static readonly SourcePosition None = new(null, null, null);
}
