using System.Globalization;
using System.Xml.Linq;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary>The page of a list that a request asks for, and the moment as of which it is seen.</summary>
/// <param name="AsOf">Entries made later are not seen.</param>
/// <param name="Page">From 1.</param>
/// <param name="Count">1 to 999, 100 by default.</param>
internal sealed record ResponseWindow(DateTimeOffset AsOf, int Page, int Count)
{
    public static ResponseWindow Of(XElement request, DateTimeOffset now)
    {
        XElement? filter = request.Element(Wd + "Response_Filter");
        decimal page = (decimal?)filter?.Element(Wd + "Page") ?? 1;
        decimal count = (decimal?)filter?.Element(Wd + "Count") ?? 100;
        if (page < 1)
        {
            throw SoapFaultException.Validation("Page Number cannot be zero.", filter!);
        }

        if (count is < 1 or > 999 || count != decimal.Truncate(count))
        {
            throw SoapFaultException.Validation("Count has to be a whole number from 1 to 999.", filter!);
        }

        DateTimeOffset? asOf = Moment(filter?.Element(Wd + "As_Of_Entry_DateTime"));
        return new ResponseWindow(asOf < now ? asOf.Value : now, (int)page, (int)count);
    }

    /// <summary>A dateTime of a message; UTC when it says no offset.</summary>
    public static DateTimeOffset? Moment(XElement? element) =>
        element is null ? null : DateTimeOffset.Parse(element.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>A dateTime as messages write it.</summary>
    public static string Write(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The filter, the figures and the data of an answer.</summary>
    public IEnumerable<XElement> Answer<T>(IReadOnlyList<T> all, Func<T, XElement> write)
    {
        T[] page = [.. all.Skip((Page - 1) * Count).Take(Count)];
        yield return new XElement(Wd + "Response_Filter", new XElement(Wd + "As_Of_Entry_DateTime", Write(AsOf)), new XElement(Wd + "Page", Page), new XElement(Wd + "Count", Count));
        yield return new XElement(
            Wd + "Response_Results",
            new XElement(Wd + "Total_Results", all.Count),
            new XElement(Wd + "Total_Pages", (all.Count + Count - 1) / Count),
            new XElement(Wd + "Page_Results", page.Length),
            new XElement(Wd + "Page", Page));
        yield return new XElement(Wd + "Response_Data", page.Select(write));
    }
}
