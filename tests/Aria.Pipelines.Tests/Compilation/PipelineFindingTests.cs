
namespace Aria.Pipelines.Tests.Compilation;

/// <summary>Every finding about a pipeline: code, text, file, line and column.</summary>
public sealed class PipelineFindingTests : IDisposable
{
    private readonly WorkspaceFolder _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Compile_GoodWorkspace_FindsNothing() => _workspace.Findings().ShouldBeEmpty();

    [Theory]
    [InlineData("\"triggers\": [", "\"triggers\": oops [", "(3,15): error ARIA1001: The file is not valid JSON. 'o' is an invalid start of a value.")]
    [InlineData("\"triggers\": [", "\"description\": \"\\ud800\", \"triggers\": [", "(3,18): error ARIA1001: The file contains text that is not valid Unicode. Cannot read incomplete UTF-16 JSON text as string with missing low surrogate.")]
    [InlineData("\"triggers\": [", "\"enabled\": true, \"enabled\": true, \"triggers\": [", "(3,20): error ARIA1002: Property 'enabled' appears twice. Remove one of the two; the last one does not silently win.")]
    [InlineData("\"triggers\": [", "\"trigers\": [], \"triggers\": [", "(3,3): error ARIA1003: Property 'trigers' is not known here. Did you mean 'triggers'? Known: description, enabled, connections, triggers, rollout, lookups, steps, onFailure.")]
    [InlineData("\"triggers\": [{ \"on\": \"ats.application.created\" }],", "", """(1,1): error ARIA1004: Property 'triggers' is missing. Add "triggers" to this object.""")]
    [InlineData("""[{ "on": "ats.application.created" }]""", "{}", "(3,15): error ARIA1005: Expected an array, found an object.")]
    [InlineData("""[{ "on": "ats.application.created" }]""", "[]", "(1,1): error ARIA2009: Pipeline 'invite' needs at least one trigger and one step.")]
    [InlineData("""[{ "on": "ats.application.created" }]""", "[{}]", """(3,16): error ARIA1004: Property 'on' is missing. Add "on" to this object.""")]
    [InlineData("""[{ "on": "ats.application.created" }]""", "[7]", "(3,16): error ARIA1005: Expected an object, found a number.")]
    [InlineData("""{ "on": "ats.application.created" }""", """{ "on": "ats.application.created", "manual": { "subject": "ats.application" } }""", "(3,18): error ARIA1006: A trigger is either 'on' an event or 'manual', not both. Write two triggers.")]
    [InlineData("""{ "on": "ats.application.created" }""", """{ "when": "true", "manual": { "subject": "ats.application" } }""", "(3,18): error ARIA1006: A manual trigger has no 'when': the person who starts it has decided. Give the first step a 'when'.")]
    [InlineData("""{ "on": "ats.application.created" }""", """{ "manual": "application" }""", "(3,28): error ARIA1005: Expected an object, found a string. Write { \"subject\": \"ats.application\" }: a connection of this pipeline, and what a person picks there.")]
    [InlineData("""{ "on": "ats.application.created" }""", """{ "manual": { "subject": "ats.candidate" } }""", "(3,41): error ARIA2003: Connector 'greenhouse' has no operation 'candidate.get'. Known: application.get, interview.write, stage.move, note.add.")]
    [InlineData("""{ "on": "ats.application.created" }""", """{ "manual": { "subject": "ats.application" } }, { "manual": { "subject": "ats.application" } }""", "(3,89): error ARIA2009: A pipeline has at most one manual trigger.")]
    [InlineData("\"triggers\": [", "\"enabled\": \"no\", \"triggers\": [", "(3,14): error ARIA1005: Expected true or false, found a string.")]
    [InlineData("\"triggers\": [", "\"rollout\": { \"by\": \"event.job.id\" }, \"triggers\": [", """(3,14): error ARIA1004: Property 'only' is missing. Add "only" to this object.""")]
    [InlineData("\"triggers\": [", "\"lookups\": [], \"triggers\": [", "(3,14): error ARIA1005: Expected an object, found an array.")]
    [InlineData("\"ats\": \"greenhouse\"", "\"ats\": \"greenhuose\"", "(2,27): error ARIA2001: Connection 'greenhuose' does not exist. Did you mean 'greenhouse'? Known: aria, greenhouse.")]
    [InlineData("\"ats\": \"greenhouse\"", "\"ats\": 1", "(2,27): error ARIA1005: Expected a string, found a number.")]
    [InlineData("ats.application.created", "ats.application.craeted", "(3,24): error ARIA2002: Connector 'greenhouse' has no event 'application.craeted'. Did you mean 'application.created'? Known: application.created, application.stage_changed, application.hired, application.rejected, application.updated, application.unhired, application.unrejected, application.deleted, prospect.created, candidate.updated, candidate.deleted, candidate.merged, candidate.anonymized, offer.created, offer.approved, offer.updated, offer.deleted, job.created, job.updated, job.approved, job.deleted, job_post.created, job_post.updated, job_post.deleted, stage.deleted, interview.deleted, scorecard.deleted, department.deleted, office.deleted.")]
    [InlineData("ats.application.created", "atss.application.created", "(3,24): error ARIA2001: 'atss' is not one of this pipeline's connections. Did you mean 'ats'? Known: ats, aria.")]
    [InlineData("ats.application.created", "application", "(3,24): error ARIA2004: 'application' is not of the form alias.name. The alias is one of 'connections' in this file.")]
    [InlineData("ats.application.get", "ats.application.gett", "(5,30): error ARIA2003: Connector 'greenhouse' has no operation 'application.gett'. Did you mean 'application.get'? Known: application.get, interview.write, stage.move, note.add.")]
    [InlineData("\"application_id\": \"1\"", "\"aplication_id\": \"1\", \"application_id\": \"1\"", "(5,63): error ARIA2007: Operation 'ats.application.get' has no input 'aplication_id'. Did you mean 'application_id'? Known: application_id.")]
    [InlineData("\"with\": { \"application_id\": \"1\" }", "\"with\": {}", "(5,30): error ARIA2008: Operation 'ats.application.get' needs the input 'application_id'. Add it to 'with'.")]
    [InlineData(""", "with": { "application_id": "1" }""", "", "(5,30): error ARIA2008: Operation 'ats.application.get' needs the input 'application_id'. Add it to 'with'.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }, { "id": "ask", "action": "aria.interview.get", "with": { "interview_id": "1" } }""", "", "(1,1): error ARIA2009: Pipeline 'invite' needs at least one trigger and one step.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }, { "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", "(5,90): error ARIA2005: Step 'get' exists twice. The other one begins at line 5. Ids are the identity of effects.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "map": 1 }""", "(5,5): error ARIA1006: A step is exactly one of 'action', 'map' and 'await'; this one has action and map.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get" }""", "(5,5): error ARIA1006: A step is exactly one of 'action', 'map' and 'await'; this one has none.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "parallel": [] }""", "(5,20): error ARIA1006: 'parallel' is reserved for a later version. Write the steps out, or use several pipelines.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "1st", "map": 1 }""", "(5,13): error ARIA1006: '1st' is not a usable id. Use letters, digits and '_', beginning with a letter, at most 60 characters.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "map": 1 }""", """(5,5): error ARIA1004: Property 'id' is missing. Add "id" to this object.""")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "retry": { "max": 0 } }""", "(5,106): error ARIA1005: Expected a whole number, 1 or more, found 0.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "retry": { "delay": "soon" } }""", "(5,108): error ARIA1006: 'soon' is not a duration. Write a whole number and a unit: 500ms, 30s, 5m, 2h or 14d.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "timeout": "5m" }""", "(5,99): error ARIA1006: An attempt cannot take so long. Write a time of at most 90s; to wait for an event is an 'await'.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "timeout": "0s" }""", "(5,99): error ARIA1006: An attempt cannot take no time. Write a time of at most 90s; to wait for an event is an 'await'.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "onFailure": "ignore" }""", "(5,101): error ARIA1006: 'ignore' is not allowed here. Known: stop, continue.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "once": { "key": ["1"], "within": "999999999h", "scope": "x" } }""", "(5,122): error ARIA1006: '999999999h' is not a duration. Write a whole number and a unit: 500ms, 30s, 5m, 2h or 14d.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" }, "once": { "key": ["{{ event.raw.x }}"], "within": "30d" } }""", """(5,96): error ARIA1004: Property 'scope' is missing. Add "scope" to this object.""")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "wait", "await": { "on": ["aria.interview.completed"], "match": { "interview": "1" }, "timeout": "1d" } }""", "(5,79): error ARIA2006: Event 'aria.interview.completed' has no correlation key 'interview'. Did you mean 'interview_id'? Known: interview_id.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "wait", "await": { "on": ["aria.interview.completed"], "match": {}, "timeout": "1d" } }""", "(5,5): error ARIA2006: Await 'wait' has no 'match', so any event would end it. Name a correlation key of the awaited events and the value it must have.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "wait", "await": { "on": [], "match": { "interview_id": "{{ event.raw.x }}" }, "timeout": "1d" } }""", """(5,38): error ARIA1006: An await needs at least one event. Write the events that may end it: ["alias.event"].""")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "wait", "await": { "on": ["aria.interview.completed"], "match": { "interview_id": "{{ event.raw.x }}" } } }""", """(5,30): error ARIA1004: Property 'timeout' is missing. Add "timeout" to this object.""")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "wait", "await": { "on": ["aria.interview.completed"], "match": { "interview_id": "{{ event.raw.x }}" }, "timeout": "1d", "onTimeout": "stop" } }""", "(5,148): error ARIA1006: 'stop' is not allowed here. Known: continue, fail.")]
    [InlineData("""{ "id": "get", "action": "ats.application.get", "with": { "application_id": "1" } }""", """{ "id": "m", "map": { "$file": "none.json" } }""", "(5,36): error ARIA1007: File 'none.json' does not exist in this folder. Write a plain file name; upper and lower case count.")]
    public void Compile_OneMistake_OneFinding(string from, string to, string expected)
    {
        WorkspaceFolder.Pipeline.ShouldContain(from);

        string[] findings = _workspace.With("invite/pipeline.json", WorkspaceFolder.Pipeline.Replace(from, to, StringComparison.Ordinal)).Findings();

        findings.ShouldHaveSingleItem().ShouldBe("pipelines/invite/pipeline.json" + expected);
    }
}
