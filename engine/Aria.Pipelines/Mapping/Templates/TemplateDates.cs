using System.Globalization;
using Scriban;
using Scriban.Functions;
using Scriban.Runtime;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>Scriban's <c>date</c> without a clock and without the machine's time zone: every date is UTC, a text without an offset too.</summary>
internal static class TemplateDates
{
    public static ScriptObject Make()
    {
        var theirs = new DateTimeFunctions();
        var dates = new ScriptObject();
        foreach (string name in theirs.Keys.Where(k => k is not ("now" or "utc_now" or "parse" or "parse_to_string" or "format" or "default_format")))
        {
            dates[name] = theirs[name];
        }
        dates.Import("parse", Parse);
        dates.Import("parse_to_string", (TemplateContext context, string? text, string pattern) => theirs.ToString(Parse(text), pattern, context.CurrentCulture));
        return dates;
    }

    /// <summary>A date as ISO 8601 or as the invariant culture writes it.</summary>
    /// <param name="text">The date; null and empty give null.</param>
    /// <param name="format">A .NET format when the text is something else, for example <c>dd/MM/yyyy</c>.</param>
    private static DateTime? Parse(string? text, string? format = null)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        bool parsed = format is null
            ? DateTime.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTime date)
            : DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, Utc, out date);
        return parsed ? date : throw new MappingLimitException(MappingCodes.TemplateError, $"The text given to 'date.parse' is not a date{(format is null ? "" : $" of the form '{format}'")}.");
    }
}
