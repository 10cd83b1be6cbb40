using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Aria.Pipelines.Testing;

/// <summary>The result in the form that CI systems read: one suite per pipeline, one test case per case.</summary>
internal static class JUnitReport
{
    public static XDocument Of(SuiteResult result)
    {
        IEnumerable<XElement> suites = result.Cases.GroupBy(c => c.Pipeline).Select(Suite);
        var root = new XElement(
            "testsuites",
            new XAttribute("name", "aria test"),
            new XAttribute("tests", result.Cases.Count),
            new XAttribute("failures", result.Failed),
            new XAttribute("errors", 0),
            new XAttribute("time", Seconds(result.Elapsed)),
            suites);
        return new XDocument(new XDeclaration("1.0", "utf-8", null), root);
    }

    /// <summary>Writes it to a file, whose folder is made when missing.</summary>
    public static void Write(SuiteResult result, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        // Some readers stumble over a byte order mark.
        using var writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
        Of(result).Save(writer);
    }

    private static XElement Suite(IGrouping<string, CaseResult> cases) => new(
        "testsuite",
        new XAttribute("name", cases.Key),
        new XAttribute("tests", cases.Count()),
        new XAttribute("failures", cases.Count(c => !c.Passed)),
        new XAttribute("errors", 0),
        new XAttribute("skipped", 0),
        new XAttribute("time", Seconds(TimeSpan.FromTicks(cases.Sum(c => c.Elapsed.Ticks)))),
        cases.Select(Case));

    private static XElement Case(CaseResult one)
    {
        var element = new XElement(
            "testcase",
            new XAttribute("name", Clean(one.Name)),
            new XAttribute("classname", one.Pipeline),
            new XAttribute("file", Clean(one.File)),
            new XAttribute("time", Seconds(one.Elapsed)));
        if (!one.Passed)
        {
            string[] lines = [.. one.Explanation.Select(Clean)];
            element.Add(new XElement("failure", new XAttribute("message", lines[0]), new XAttribute("type", "case"), string.Join('\n', lines)));
        }
        return element;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Takes out what XML 1.0 cannot hold: a candidate's name may hold anything.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean.Append(text, i++, 2);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }
        return clean.ToString();
    }
}
