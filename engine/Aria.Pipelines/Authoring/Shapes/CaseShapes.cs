using System.Text.Json.Nodes;
using Aria.Pipelines.Testing;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What a case, a file in the folder <c>cases/</c> of a pipeline, may hold.</summary>
internal static class CaseShapes
{
    public static readonly Shape Root = new("case", "An event, what the targets answer, what passes, and what must have happened in the end. Played by 'aria test'.",
    [
        Optional("description", Kind.Text("What the case shows, in one sentence.")),
        Optional("at", Kind.Text("When it begins.").Default("2026-01-05T09:00:00Z").Example("2026-01-05T09:00:00Z")),
        Optional("given", Kind.List("What came and passed before; its runs are not looked at, its claims ('once') hold.", Kind.Ref("moment"))),
        Required("event", Kind.Of("event", "What starts the run that the case is about.")),
        Optional("answers", Kind.List("What accounts answer, in order. What nobody answers succeeds with the sample of the connector's operation.", Kind.Ref("answer"))),
        Optional("then", Kind.List("Time that passes, or events that come, once the run has come to rest.", Kind.Ref("moment"))),
        Optional("expect", Kind.Of("expectation", "What must have happened in the end. 'aria test --update' writes what happens now.")),
    ]);

    public static readonly Shape Moment = new("moment", "Time that passes ('after'), or an event that comes ('event').",
    [
        Optional("after", Kind.Duration("How much time passes.").Example("3d")),
        Optional("event", Kind.Of("event", "What comes.")),
    ]);

    public static readonly Shape Event = new("event", "A delivery from a connection, or a record of one that is asked: a 'sample' of its connector, a 'file' or a 'body'. Or a person's request ('manual'), or a time that comes ('schedule').",
    [
        Optional("from", Kind.Text("Connection of the pipeline that it comes from, by its alias.").Example("ats")),
        Optional("manual", Kind.Text("Subject that a person gives, as with 'aria send'.").Example("71980812")),
        Optional("schedule", Kind.Text("The schedule whose next time comes, as the pipeline says in 'cron' or 'every'.").Example("0 9 * * 1-5")),
        Optional("missed", Kind.Count("With 'schedule': how many times nobody saw before it.").Between(0, int.MaxValue).Default(0)),
        Optional("sample", Kind.Text("Event whose sample in the connector is the delivery.").Example("application.created")),
        Optional("file", Kind.Text("File under the folder of cases, delivered byte for byte.").Example("events/moved.json")),
        Optional("body", Kind.Anything("JSON body of the delivery.")),
        Optional("polled", Kind.Text("With 'file' or 'body', for a connection that is asked: the event that the record is of.").Example("application.stage_changed")),
        Optional("merge", Kind.Anything("Changes to the delivery, as a JSON merge patch (RFC 7386).").Example(new JsonObject { ["payload"] = new JsonObject { ["application"] = new JsonObject { ["id"] = 265278 } } })),
    ]);

    public static readonly Shape Answer = new("answer", "What an account answers to a request.",
    [
        Required("to", Target("Which requests: alias, method and path; '*' stands for anything, a path without a query for any query.")),
        Optional("status", Kind.Count("HTTP status.").Between(CaseAnswer.LeastStatus, CaseAnswer.GreatestStatus).Default(CaseAnswer.Good)),
        Optional("headers", Kind.Map("Headers.", new JsonObject { ["type"] = "string" }).Example(new JsonObject { ["Retry-After"] = "5" })),
        Optional("body", Kind.Anything("JSON body. <event> and <effect:step> stand for ids.")),
        Optional("value", Kind.Anything("In place of an answer: what a prerequisite read gives, as it stands under 'reads'. Its request is not sent.")),
        Optional("read", Kind.Text("Id of the read that has the value, where several send the same request.").Example("application")),
        Optional("lost", Kind.Flag("The request may have arrived; no answer comes back.").Default(false)),
        Optional("unreachable", Kind.Flag("Nothing was reached.").Default(false)),
        Optional("times", new JsonObject
        {
            ["description"] = "How many requests it answers; \"any\" for any number, even none.",
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, new JsonObject { ["const"] = "any" }),
        }.Default(1)),
    ]);

    public static readonly Shape Expectation = new("expectation", "State, code and requests exactly; of steps, what is named.",
    [
        Required("state", Kind.OneOf("Where the run stands, or the event when it started none.", CaseOutcome.States)),
        Optional("code", Kind.Text("Why; absent for no reason.").Example("once")),
        Optional("requests", Kind.List("All requests of its steps, in order.", Kind.Ref("request")).Default(new JsonArray())),
        Optional("steps", Kind.Map("Steps by id, as mappings see them.", Kind.Ref("stepResult"))),
    ]);

    public static readonly Shape Request = new("request", "A request of a step.",
    [
        Required("to", Target("Alias, method and path.")),
        Optional("body", Kind.Anything("Its body. <event> and <effect:step> stand for ids.")),
        Optional("times", Kind.Count("How many equal ones in a row.").Between(1, int.MaxValue).Default(1)),
    ]);

    public static readonly Shape StepResult = new("stepResult", "What became of a step; what is not named may be anything.",
    [
        Optional("status", Kind.OneOf("How it ended.", CaseOutcome.StepStates)),
        Optional("output", Kind.Anything("Members of its output.")),
        Optional("error", Kind.Anything("Members of its error; null for none.")),
    ]);

    public static readonly IReadOnlyList<Shape> Parts = [Moment, Event, Answer, Expectation, Request, StepResult];

    private static JsonObject Target(string description) => Kind.Text(description, CaseTarget.Pattern).Example("aria POST /interviews");
}
