using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Definitions;

/// <summary>Collects findings. Readers and rules add to it and go on, so one pass reports everything.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    public IReadOnlyList<Diagnostic> Items => _items;

    public bool HasErrors => _items.Exists(d => d.Severity == DiagnosticSeverity.Error);

    public void Error(string code, SourcePosition at, string summary, string detail = "", DiagnosticFault fault = DiagnosticFault.Author) =>
        _items.Add(new Diagnostic(code, DiagnosticSeverity.Error, summary, detail, at.File, at.Line, at.Column, fault));

    public void Warning(string code, SourcePosition at, string summary, string detail = "", DiagnosticFault fault = DiagnosticFault.Author) =>
        _items.Add(new Diagnostic(code, DiagnosticSeverity.Warning, summary, detail, at.File, at.Line, at.Column, fault));

    public void AddRange(IEnumerable<Diagnostic> items) => _items.AddRange(items);
}
