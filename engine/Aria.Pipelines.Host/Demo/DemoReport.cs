using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Store;
using Spectre.Console;

namespace Aria.Pipelines.Host.Demo;

/// <summary>What the ATS and ARIA hold for each application, and whether they agree with each other and with what the candidate did.</summary>
internal sealed class DemoReport
{
    private readonly DemoSystem _system;
    private readonly List<Row> _rows = [];
    private readonly int _duplicates;
    private readonly int _open;

    private DemoReport(DemoSystem system, int duplicates, int open)
    {
        _system = system;
        _duplicates = duplicates;
        _open = open;
    }

    /// <summary>Whether nothing is lost, nothing is there twice, and every run has ended.</summary>
    public bool IsGood => _duplicates == 0 && _open == 0 && _rows.TrueForAll(r => r.Agrees);

    /// <summary>Compares both sandboxes with the scenario.</summary>
    /// <param name="expected">The applications, by the id that the ATS gave them.</param>
    /// <param name="system">The ATS.</param>
    /// <param name="interviews">What ARIA holds.</param>
    /// <param name="runs">The runs of the host; one that has not ended is a failure.</param>
    public static DemoReport Compare(
        IReadOnlyDictionary<string, DemoApplication> expected, DemoSystem system, IReadOnlyList<AriaInterview> interviews, IReadOnlyList<RunSummary> runs)
    {
        int invitedTwice = interviews.GroupBy(i => (i.Email.Trim().ToUpperInvariant(), i.JobId)).Sum(g => g.Count() - 1);
        var report = new DemoReport(
            system, invitedTwice + system.Duplicates, runs.Count(r => r.State is not (RunState.Succeeded or RunState.Skipped or RunState.Dead)));
        var holdings = system.Holdings.ToDictionary(h => h.ApplicationId);
        foreach ((string id, DemoApplication application) in expected)
        {
            AriaInterview? interview = interviews.FirstOrDefault(i => ApplicationOf(i) == id);
            DemoHolding holding = holdings.GetValueOrDefault(id) ?? new DemoHolding(id, null, null, null, null, 0);
            report._rows.Add(new Row(id, application, interview, holding, Agrees(application, interview, holding, system)));
        }
        return report;
    }

    /// <summary>The application that an invitation was made for, from its metadata.</summary>
    public static string? ApplicationOf(AriaInterview interview) =>
        interview.Metadata is { } metadata ? JsonNode.Parse(metadata)?["application_id"]?.GetValue<string>() : null;

    public JsonObject ToJson() => new()
    {
        ["ats"] = _system.Name,
        ["candidates"] = _rows.Count,
        ["invited"] = _rows.Count(r => r.Interview is not null),
        ["completed"] = _rows.Count(r => r.Holding.Status == "completed"),
        ["noShow"] = _rows.Count(r => r.Holding.Status == "no_show"),
        ["skipped"] = _rows.Count(r => r.Interview is null && !r.Application.IsInvited),
        ["writtenBack"] = _rows.Count(r => r.Holding.IsFinal),
        ["lost"] = _rows.Count(r => !r.Agrees),
        ["duplicates"] = _duplicates,
        ["ok"] = IsGood,
    };

    /// <summary>A row for each application.</summary>
    public Table ToTable()
    {
        Table table = new Table().AddColumns("application", "candidate", "trigger", "ARIA holds", $"{_system.Title} holds", "agreed");
        foreach (Row row in _rows)
        {
            string aria = row.Interview is { } i ? $"{i.Status} {(i.Result is { } r ? $"{r.Score.ToString(CultureInfo.InvariantCulture)} {r.Recommendation}" : "")}" : "no interview";
            DemoHolding held = row.Holding;
            string ats = held.Status is null ? (held.AttentionNotes > 0 ? $"{held.AttentionNotes} note: needs attention" : "nothing written") : $"{held.Status} {held.Score} {held.Recommendation}";
            string why = row.Application.IsInvited ? "" : $" ({row.Application.Ending switch { DemoEnding.NotInvitedTwice => "already invited", DemoEnding.OutsideRollout => "outside rollout", _ => "invalid e-mail" }})";
            table.AddRow(
                Markup.Escape(row.Id),
                Markup.Escape(row.Application.Name),
                row.Application.Trigger.ToString().ToLowerInvariant(),
                Markup.Escape((aria + why).TrimEnd()),
                Markup.Escape(ats.TrimEnd()),
                row.Agrees ? "[green]yes[/]" : "[red]NO[/]");
        }
        return table;
    }

    /// <summary>Where each part of a result stands in the ATS.</summary>
    public Table ToPlaces() => ToPlaces([this]);

    /// <summary>Where each part of a result stands, in every ATS.</summary>
    public static Table ToPlaces(IReadOnlyList<DemoReport> reports)
    {
        Table table = new Table().AddColumns("ATS", "result", "where it stands");
        foreach (DemoSystem system in reports.Select(r => r._system))
        {
            foreach ((string part, string place) in system.Places)
            {
                table.AddRow(Markup.Escape(system.Title), Markup.Escape(part), Markup.Escape(place));
            }
        }
        return table;
    }

    /// <summary>A row for each ATS.</summary>
    public static Table ToTable(IReadOnlyList<DemoReport> reports)
    {
        JsonObject[] rows = [.. reports.Select(r => r.ToJson())];
        Table table = new();
        foreach ((string name, _) in rows.FirstOrDefault() ?? [])
        {
            table.AddColumn(name);
        }
        foreach (JsonObject row in rows)
        {
            table.AddRow([.. row.Select(m => Markup.Escape(m.Value!.ToString()))]);
        }
        return table;
    }

    /// <summary>A row for each ATS, and their sums.</summary>
    /// <param name="reports">The demos that ran.</param>
    /// <param name="isGood">Whether all ran and all are good.</param>
    public static JsonObject ToJson(IReadOnlyList<DemoReport> reports, bool isGood) => new()
    {
        ["systems"] = new JsonArray([.. reports.Select(r => r.ToJson())]),
        ["lost"] = reports.Sum(r => r._rows.Count(row => !row.Agrees)),
        ["duplicates"] = reports.Sum(r => r._duplicates),
        ["ok"] = isGood,
    };

    private static bool Agrees(DemoApplication application, AriaInterview? interview, DemoHolding holding, DemoSystem system)
    {
        if (!application.IsInvited)
        {
            int expectedNotes = application.Ending == DemoEnding.InvalidEmail ? 1 : 0;
            return interview is null && holding.Status is null && holding.AttentionNotes == expectedNotes;
        }
        return interview is not null
            && holding.AttentionNotes == 0
            && interview.Name == application.Name
            && (interview.Status == AriaStatus.Completed) == application.IsCompleted
            && holding.Status == (application.IsCompleted ? "completed" : "no_show")
            && holding.Score == (interview.Result is { } result ? system.Shown(result.Score) : null)
            && string.Equals(holding.Recommendation, interview.Result?.Recommendation, StringComparison.OrdinalIgnoreCase)
            && holding.TranscriptUrl == (application.IsCompleted ? interview.TranscriptUrl : null);
    }

    private sealed record Row(string Id, DemoApplication Application, AriaInterview? Interview, DemoHolding Holding, bool Agrees);
}
