using System.Xml.Linq;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class JUnitReportTests
{
    [Fact]
    public void Report_WithFailures_IsWellFormedXmlWithTheirReasons()
    {
        var good = new CaseResult("hire", "good", "pipelines/hire/cases/good.json", "", TimeSpan.FromMilliseconds(1500));
        CaseResult bad = good with { Name = "bad", Differences = [new JsonDifference("state", "\"dead\"", "\"<\u0001\uD800 \U0001F600>\"")], Problems = ["It is wrong."] };
        string file = Path.Combine(Directory.CreateTempSubdirectory("aria-junit-").FullName, "reports", "result.xml");

        JUnitReport.Write(new SuiteResult([good, bad, bad with { Pipeline = "fire" }], [], TimeSpan.FromSeconds(2)), file);

        File.ReadAllBytes(file)[0].ShouldBe((byte)'<');
        XElement root = XDocument.Load(file).Root.ShouldNotBeNull();
        (root.Attribute("tests")!.Value, root.Attribute("failures")!.Value, root.Attribute("time")!.Value).ShouldBe(("3", "2", "2.000"));
        root.Elements("testsuite").Select(s => (s.Attribute("name")!.Value, s.Attribute("tests")!.Value, s.Attribute("failures")!.Value)).ShouldBe([("hire", "2", "1"), ("fire", "1", "1")]);
        XElement failure = root.Descendants("failure").First();
        failure.Attribute("message")!.Value.ShouldBe("It is wrong.");
        failure.Value.ShouldBe("It is wrong.\nstate: expected \"dead\", actual \"<\uFFFD\uFFFD \U0001F600>\"");
        root.Descendants("testcase").First().Attribute("time")!.Value.ShouldBe("1.500");
    }
}
