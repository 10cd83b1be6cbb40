namespace Aria.Pipelines.Abstractions;

/// <summary>
/// A finding about a file, a connector, a delivery or a remote system. It is a value, not an exception: command line, logs,
/// HTTP answers and editors show the same object.
/// </summary>
/// <param name="Code">Stable identity, for example <c>ARIA2104</c> (definitions) or <c>mapping_failed</c> (run time). Never reused for another meaning.</param>
/// <param name="Severity">Whether the thing found prevents what was asked.</param>
/// <param name="Summary">One line: the subject in quotes and what is wrong with it.</param>
/// <param name="Detail">Why it is wrong and what to write or do instead. Empty when the summary already says so.</param>
/// <param name="File">Path of the file as the user gave it, with forward slashes; null when the finding is not about a file.</param>
/// <param name="Line">1-based line in <paramref name="File"/>; null when unknown.</param>
/// <param name="Column">1-based column in <paramref name="File"/>, counted in UTF-16 code units; null when unknown.</param>
/// <param name="Fault">Who can mend it.</param>
public sealed record Diagnostic(
    string Code,
    DiagnosticSeverity Severity,
    string Summary,
    string Detail,
    string? File,
    int? Line,
    int? Column,
    DiagnosticFault Fault)
{
    /// <summary>Formats the finding the way compilers do: <c>file(line,column): severity code: summary detail</c>.</summary>
    /// <returns>One line of text without a trailing line break.</returns>
    public override string ToString()
    {
        string place = File is null ? "" : Line is null ? $"{File}: " : $"{File}({Line},{Column ?? 1}): ";
        string severity = Severity switch
        {
            DiagnosticSeverity.Error => "error",
            DiagnosticSeverity.Warning => "warning",
            _ => "info",
        };
        return $"{place}{severity} {Code}: {Summary}{(Detail.Length == 0 ? "" : " " + Detail)}";
    }
}
