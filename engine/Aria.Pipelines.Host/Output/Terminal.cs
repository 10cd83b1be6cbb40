using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Spectre.Console;

namespace Aria.Pipelines.Host.Output;

/// <summary>What people read: findings in colour on a terminal, plain otherwise.</summary>
internal static class Terminal
{
    private const int RedirectedWidth = 160;

    /// <summary>Standard error, for findings and progress that must not mix with results.</summary>
    public static readonly IAnsiConsole Error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Write(IEnumerable<Diagnostic> findings)
    {
        foreach (Diagnostic finding in findings)
        {
            if (Console.IsErrorRedirected)
            {
                // A redirected stream has no width: wrapping would break one finding into several lines.
                Console.Error.WriteLine(finding.ToString());
            }
            else
            {
                WriteInColour(finding);
            }
        }
    }

    /// <summary>Writes a table to standard output, wide enough to be read when it is redirected.</summary>
    public static void Write(Table table)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedWidth;
        }
        AnsiConsole.Write(table);
    }

    /// <summary>A table of objects: one column for each member named.</summary>
    public static Table Table(string[] titles, string[] members, JsonArray rows)
    {
        Table table = new Table().AddColumns(titles);
        foreach (JsonNode row in rows.OfType<JsonNode>())
        {
            string[] cells = [.. members.Select(n => Markup.Escape(row[n]?.ToString() ?? ""))];
            table.AddRow(cells);
        }
        return table;
    }

    // Apart, so that a host without a terminal never loads what draws on one.
    private static void WriteInColour(Diagnostic finding)
    {
        Color colour = finding.Severity switch
        {
            DiagnosticSeverity.Error => Color.Red,
            DiagnosticSeverity.Warning => Color.Yellow,
            _ => Color.Grey,
        };
        Error.Write(new Text(finding + Environment.NewLine, new Style(colour)));
    }

    public static void Fail(string message) => Console.Error.WriteLine(message);
}
