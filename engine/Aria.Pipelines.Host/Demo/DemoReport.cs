using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Store;
using Spectre.Console;

namespace Aria.Pipelines.Host.Demo;

/// <summary>What each system holds for each application, and whether they agree with each other and with what the candidate did.</summary>
internal sealed class DemoReport
{
    private readonly List<Row> _rows = [];
    private int _duplicates;

    private DemoReport()
    {
    }

    private bool IsGood => _duplicates == 0 && _rows.TrueForAll(r => r.Agrees);

    /// <summary>Compares both sandboxes with the scenario.</summary>
    public static DemoReport Compare(
        IReadOnlyDictionary<long, DemoApplication> expected, GreenhouseSnapshot greenhouse, IReadOnlyList<AriaInterview> interviews, IReadOnlyList<RunSummary> runs)
    {
        var report = new DemoReport { _duplicates = Duplicates(greenhouse, interviews) };
        string[] ended = ["Succeeded", "Skipped", "Dead"];
        int open = runs.Count(r => !ended.Contains(r.State.ToString()));
        foreach ((long id, DemoApplication application) in expected)
        {
            AriaInterview? interview = interviews.FirstOrDefault(i => ApplicationOf(i) == id);
            GreenhouseApplicationView view = greenhouse.Application(id);
            int notes = greenhouse.Notes.Count(n => n.ApplicationId == id);
            report._rows.Add(new Row(id, application, interview, view, notes, open == 0 && Agrees(application, interview, view, notes)));
        }
        return report;
    }

    /// <summary>How many applications of the scenario have their final status in Greenhouse.</summary>
    public static int Finished(GreenhouseSnapshot state, IReadOnlyDictionary<long, DemoApplication> expected) =>
        state.Applications.Count(a => expected.ContainsKey(a.Id) && Field(a, "aria_interview_status") is "Completed" or "No-show");

    /// <summary>The application that an invitation was made for, from its metadata.</summary>
    public static long? ApplicationOf(AriaInterview interview) =>
        interview.Metadata is { } metadata
        && long.TryParse(JsonNode.Parse(metadata)?["application_id"]?.GetValue<string>(), CultureInfo.InvariantCulture, out long id) ? id : null;

    public JsonObject ToJson() => new()
    {
        ["candidates"] = _rows.Count,
        ["invited"] = _rows.Count(r => r.Interview is not null),
        ["completed"] = _rows.Count(r => r.Status == "Completed"),
        ["noShow"] = _rows.Count(r => r.Status == "No-show"),
        ["skipped"] = _rows.Count(r => r.Interview is null && !r.Application.IsInvited),
        ["writtenBack"] = _rows.Count(r => r.Status is "Completed" or "No-show"),
        ["lost"] = _rows.Count(r => !r.Agrees),
        ["duplicates"] = _duplicates,
        ["ok"] = IsGood,
    };

    public Table ToTable()
    {
        Table table = new Table().AddColumns("application", "candidate", "trigger", "ARIA holds", "Greenhouse holds", "agreed");
        foreach (Row row in _rows)
        {
            string aria = row.Interview is { } i ? $"{i.Status} {(i.Result is { } r ? $"{r.Score.ToString(CultureInfo.InvariantCulture)} {r.Recommendation}" : "")}" : "no interview";
            string greenhouse = row.Status is null ? (row.Notes > 0 ? $"{row.Notes} note: needs attention" : "nothing written") : $"{row.Status} {row.Score} {row.Recommendation}";
            string why = row.Application.IsInvited ? "" : $" ({row.Application.Ending switch { DemoEnding.NotInvitedTwice => "already invited", DemoEnding.OutsideRollout => "outside rollout", _ => "invalid e-mail" }})";
            table.AddRow(
                row.Id.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(row.Application.Name),
                row.Application.Trigger.ToString().ToLowerInvariant(),
                Markup.Escape((aria + why).TrimEnd()),
                Markup.Escape(greenhouse.TrimEnd()),
                row.Agrees ? "[green]yes[/]" : "[red]NO[/]");
        }
        return table;
    }

    private static bool Agrees(DemoApplication application, AriaInterview? interview, GreenhouseApplicationView view, int notes)
    {
        if (!application.IsInvited)
        {
            int expectedNotes = application.Ending == DemoEnding.InvalidEmail ? 1 : 0;
            return interview is null && Field(view, "aria_interview_status") is null && notes == expectedNotes;
        }
        return interview is not null
            && notes == 0
            && interview.Name == application.Name
            && (interview.Status == AriaStatus.Completed) == application.IsCompleted
            && Field(view, "aria_interview_status") == (application.IsCompleted ? "Completed" : "No-show")
            && Field(view, "aria_interview_score") == interview.Result?.Score.ToString("0.##", CultureInfo.InvariantCulture)
            && string.Equals(Field(view, "aria_recommendation"), interview.Result?.Recommendation, StringComparison.OrdinalIgnoreCase)
            && Field(view, "aria_transcript_url") == (application.IsCompleted ? interview.TranscriptUrl : null);
    }

    private static int Duplicates(GreenhouseSnapshot greenhouse, IReadOnlyList<AriaInterview> interviews) =>
        interviews.GroupBy(i => (i.Email.Trim().ToUpperInvariant(), i.JobId)).Sum(g => g.Count() - 1)
        + greenhouse.Notes.GroupBy(n => (n.ApplicationId, n.Body)).Sum(g => g.Count() - 1);

    private static string? Field(GreenhouseApplicationView view, string name) => view.CustomFields.GetValueOrDefault(name) switch
    {
        null => null,
        decimal number => number.ToString("0.##", CultureInfo.InvariantCulture),
        object other => other.ToString(),
    };

    private sealed record Row(long Id, DemoApplication Application, AriaInterview? Interview, GreenhouseApplicationView View, int Notes, bool Agrees)
    {
        public string? Status => Field(View, "aria_interview_status");

        public string? Score => Field(View, "aria_interview_score");

        public string? Recommendation => Field(View, "aria_recommendation");
    }
}
