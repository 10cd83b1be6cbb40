using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Pipelines;
using Cronos;

namespace Aria.Pipelines.Compilation;

/// <summary>Makes schedules from what is written. What is wrong with a cron expression is reported at the field that is wrong.</summary>
internal static partial class ScheduleCompiler
{
    private static readonly string[] Fields = ["minute", "hour", "day of the month", "month", "day of the week"];
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Any = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ScheduleTrigger? Compile(ScheduleDefinition written, DiagnosticBag bag)
    {
        TimeZoneInfo? zone = Zone(written, bag);
        if (written.Every is { } every)
        {
            if (every.Period < Shortest)
            {
                bag.Error(PipelineCodes.InvalidSchedule, every.Position, "A schedule fires at most once a minute.", "Write 1m or more.");
                return null;
            }
            if (written.TimeZone is { } unused)
            {
                bag.Error(PipelineCodes.InvalidSchedule, unused.Position, "A period is the same in every time zone.", "Remove 'timeZone'; for a time of the day, write 'cron' instead of 'every': \"0 2 * * *\" is every night at two.");
                return null;
            }
            return new ScheduleTrigger($"every {every.Period}", null, TimeZoneInfo.Utc, every.Period);
        }
        if (written.Cron is not { } cron || zone is null)
        {
            return null;
        }
        CronExpression? expression = Parse(cron, bag);
        if (expression is not null && expression.GetNextOccurrence(Any, zone) is null)
        {
            bag.Error(PipelineCodes.InvalidSchedule, cron.Position, $"'{cron.Name}' never fires: there is no such date.", "Check day and month.");
            return null;
        }
        return expression is null ? null : new ScheduleTrigger($"{cron.Name} {zone.Id}", expression, zone, null);
    }

    private static TimeZoneInfo? Zone(ScheduleDefinition written, DiagnosticBag bag)
    {
        if (written.TimeZone is not { } name)
        {
            return TimeZoneInfo.Utc;
        }
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name.Name, out TimeZoneInfo? zone))
        {
            return zone;
        }
        bag.Error(PipelineCodes.InvalidSchedule, name.Position, $"'{name.Name}' is not a time zone.", Near(name.Name));
        return null;
    }

    /// <summary>There are hundreds of zones, so only those that begin alike are named.</summary>
    private static string Near(string name)
    {
        int place = name.IndexOf('/', StringComparison.Ordinal) + 1;
        string[] near = [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => place > 0 && id.Length > place + 1 && id.StartsWith(name[..Math.Min(name.Length, place + 2)], StringComparison.OrdinalIgnoreCase))];
        return near.Length == 0 ? "Write an IANA name, for example Europe/Berlin." : Suggestion.For(name, near);
    }

    private static CronExpression? Parse(Reference cron, DiagnosticBag bag)
    {
        Match[] fields = [.. FieldPattern().Matches(cron.Name).Cast<Match>()];
        if (fields.Length != Fields.Length)
        {
            bag.Error(PipelineCodes.InvalidSchedule, cron.Position, $"A cron expression has five fields, this one has {fields.Length}.", "Write minute, hour, day of the month, month and day of the week: \"0 9 * * 1-5\" is every weekday at nine.");
            return null;
        }
        if (CronExpression.TryParse(cron.Name, CronFormat.Standard, out CronExpression? expression))
        {
            return expression;
        }
        for (int i = 0; i < fields.Length; i++)
        {
            string alone = string.Join(' ', Enumerable.Range(0, Fields.Length).Select(at => at == i ? fields[i].Value : "*"));
            if (!CronExpression.TryParse(alone, CronFormat.Standard, out _))
            {
                SourcePosition at = cron.Position with { Column = cron.Position.Column + 1 + fields[i].Index };
                bag.Error(PipelineCodes.InvalidSchedule, at, $"'{fields[i].Value}' is no {Fields[i]}.", Help(i));
            }
        }
        return null;
    }

    private static string Help(int field) => field switch
    {
        0 => "Minutes are 0 to 59; \"*/15\" is every quarter of an hour.",
        1 => "Hours are 0 to 23.",
        2 => "Days are 1 to 31, or L for the last.",
        3 => "Months are 1 to 12, or JAN to DEC.",
        _ => "Days are 0 (Sunday) to 6, or SUN to SAT; \"1-5\" is Monday to Friday.",
    };

    [GeneratedRegex(@"\S+", RegexOptions.None, 10_000)]
    private static partial Regex FieldPattern();
}
