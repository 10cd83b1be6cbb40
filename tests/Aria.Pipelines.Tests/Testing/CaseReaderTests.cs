using System.Text;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class CaseReaderTests
{
    private const string Event = """ "event": { "from": "ats", "sample": "application.created" } """;

    [Fact]
    public void Case_Complete_IsReadWithoutFindings()
    {
        (CaseDefinition? read, string[] findings) = Read("""
            { "$schema": "../../../schemas/case.schema.json", "description": "d", "at": "2026-02-01T08:00:00Z", "given": [{ "after": "2h" }],
              "event": { "manual": "71980812" },
              "answers": [{ "to": "aria GET /interviews/*", "status": 503, "headers": { "Retry-After": "5" }, "body": {}, "times": 3 }, { "to": "aria POST /x", "lost": true, "times": "any" },
                { "to": "ats GET /x", "read": "application", "value": { "id": "<event>" } }],
              "then": [{ "after": "14d" }, { "event": { "from": "aria", "body": { "event": "interview.completed" } } }],
              "expect": { "state": "dead", "code": "x", "requests": [{ "to": "aria POST /x", "body": {}, "times": 2 }], "steps": { "a": { "status": "failed" } } } }
            """);

        findings.ShouldBeEmpty();
        read.ShouldNotBeNull();
        read.At.ShouldBe(new DateTimeOffset(2026, 2, 1, 8, 0, 0, TimeSpan.Zero));
        read.Event.Manual.ShouldBe("71980812");
        read.Answers.Select(a => a.Times).ShouldBe([3, null, 1]);
        read.Answers[1].Loss.ShouldBe(CaseLoss.Lost);
        (read.Answers[2].Read, read.Answers[2].Value).ShouldBe(("application", """{ "id": "<event>" }"""));
        read.Then[0].After.ShouldBe(TimeSpan.FromDays(14));
        Encoding.UTF8.GetString(read.Then[1].Event!.Body!).ShouldBe("""{ "event": "interview.completed" }""");
    }

    [Theory]
    [InlineData("{" + Event + ", \"evnt\": {} }", "cases/one.json(1,65): error ARIA1003: Property 'evnt' is not known here. Did you mean 'event'? Known: description, at, given, event, answers, then, expect.")]
    [InlineData("{ \"description\": \"d\" }", "cases/one.json(1,1): error ARIA1004: Property 'event' is missing. Add \"event\" to this object.")]
    [InlineData("{ \"event\": { \"from\": \"ats\" } }", "cases/one.json(1,12): error ARIA1006: An event is given by exactly one of 'sample', 'file', 'body', 'manual' and 'schedule'. For example {\"from\": \"ats\", \"sample\": \"application.created\"}.")]
    [InlineData("{ \"event\": { \"from\": \"ats\", \"file\": \"events/x.json\" } }", "cases/one.json(1,37): error ARIA1007: The folder of cases has no file 'events/x.json'. Deliveries stand in a folder of their own beside the cases, for example \"events/moved.json\".")]
    [InlineData("{" + Event + ", \"at\": \"soon\" }", "cases/one.json(1,71): error ARIA1006: 'soon' is not a time. Write it as 2026-01-05T09:00:00Z.")]
    [InlineData("{" + Event + ", \"then\": [{ \"after\": \"1d\", \"event\": {} }] }", "cases/one.json(1,74): error ARIA1006: A moment is either time that passes or an event that comes. Write {\"after\": \"3d\"} or {\"event\": {…}}.")]
    [InlineData("{" + Event + ", \"answers\": [{ \"to\": \"POST /interviews\" }] }", "cases/one.json(1,85): error ARIA1006: 'POST /interviews' names no request. Write the connection, the method and the path: \"aria POST /interviews\"; '*' stands for anything.")]
    [InlineData("{" + Event + ", \"answers\": [{ \"to\": \"aria GET /x\", \"value\": 1, \"body\": 2 }] }", "cases/one.json(1,112): error ARIA1006: 'value' is what a read gives without being sent, so there is no 'body'. Give 'value', or what the target answers.")]
    [InlineData("{" + Event + ", \"answers\": [{ \"to\": \"aria GET /x\", \"read\": \"a\" }] }", "cases/one.json(1,100): error ARIA1006: 'read' says which read has the 'value', and there is none. Give 'value', or remove 'read'.")]
    [InlineData("{" + Event + ", \"expect\": { \"state\": \"done\" } }", "cases/one.json(1,86): error ARIA1006: 'done' is not allowed here. Known: succeeded, skipped, dead, needs_review, waiting, ready, unmatched, quarantined, duplicate.")]
    [InlineData("{" + Event + ", \"expect\": { \"state\": \"dead\", \"requests\": [{ \"to\": \"aria POST /x\", \"headers\": {} }] } }", "cases/one.json(1,131): error ARIA1003: Property 'headers' is not known here. Known: to, body, times.")]
    public void Case_Wrong_IsFoundAtItsPlace(string json, string expected)
    {
        (CaseDefinition? read, string[] findings) = Read(json);

        read.ShouldBeNull();
        findings.ShouldBe([expected]);
    }

    [Theory]
    [InlineData("aria GET /interviews", "aria GET /interviews?external_id=1", true)]
    [InlineData("aria GET /interviews?external_id=2", "aria GET /interviews?external_id=1", false)]
    [InlineData("aria GET /interviews/*", "aria GET /interviews/int_1?x=1", true)]
    [InlineData("aria GET /a/*/c", "aria GET /a/b/c", true)]
    [InlineData("aria GET /a/*/c", "aria GET /a/b/d", false)]
    [InlineData("aria GET /a/*a", "aria GET /a", false)]
    [InlineData("ats GET /interviews", "aria GET /interviews", false)]
    [InlineData("aria POST /interviews", "aria GET /interviews", false)]
    public void Target_AsPattern_MeansRequests(string pattern, string request, bool expected)
    {
        CaseTarget.Parse(pattern)!.Means(CaseTarget.Parse(request)!).ShouldBe(expected);
    }

    private static (CaseDefinition? Read, string[] Findings) Read(string json)
    {
        var bag = new DiagnosticBag();
        CaseDefinition? read = new CaseReader(new OneFile("one.json", json), bag).Read("one.json");
        return (read, [.. bag.Items.Select(i => i.ToString())]);
    }
}
