using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>How the time of the last change is asked for.</summary>
public sealed class PollTimeTests
{
    [Theory]
    [InlineData("iso", "2026-01-06T13:05:09.000Z")]
    [InlineData("sql", "2026-01-06 13:05:09")]
    [InlineData("unixMilliseconds", "1767704709000")]
    [InlineData("yyyy-MM-dd HH:mm", "2026-01-06 13:05")]
    [InlineData("yyyy-MM-dd hh:mm tt", "2026-01-06 01:05 PM")]
    [InlineData("dd/MM/yyyy", "06/01/2026")]
    public void Format_OfACursor_WritesTheTimeSo(string format, string expected)
    {
        var bag = new DiagnosticBag();
        Connector connector = ConnectorReader.Read(new TestFolder(Text(format)).With("made.json", """{ "at": "2026-01-01", "id": "1" }"""), null, new MappingCompiler(), bag).ShouldNotBeNull(string.Join('\n', bag.Items));
        var cursor = (PollCursor.Timestamp)connector.Events["thing.made"].Poll!.Cursor;
        PollTime.Write(new DateTimeOffset(2026, 1, 6, 13, 5, 9, TimeSpan.Zero), cursor.Format, cursor.Pattern).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Format_ThatIsNone_SaysWhichThereAre()
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new TestFolder(Text("iso8601")).With("made.json", "{}"), null, new MappingCompiler(), bag).ShouldBeNull();
        bag.Items.Select(i => i.ToString()).ShouldContain(i => i.EndsWith("error ARIA1006: 'iso8601' is not allowed here. Known: iso, seconds, sql, date, unix, unixMilliseconds.", StringComparison.Ordinal)
            || i.EndsWith("Did you mean 'iso'? Known: iso, seconds, sql, date, unix, unixMilliseconds.", StringComparison.Ordinal), string.Join('\n', bag.Items));
    }

    private static string Text(string format) => $$$"""
        { "connector": "polled", "version": "1.0.0", "contract": 1, "title": "Polled", "http": { "baseUrl": "https://a.example" },
          "events": { "thing.made": { "poll": { "request": { "method": "GET", "path": "/things" }, "items": "", "cursor": { "timestamp": { "field": "/at", "format": "{{{format}}}" } } },
            "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "made.json" } ] } } }
        """;
}
