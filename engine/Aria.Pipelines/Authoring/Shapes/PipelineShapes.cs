using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Definitions;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What <c>pipeline.json</c> may hold.</summary>
internal static class PipelineShapes
{
    public const string ReferencePattern = "^[^.]+\\..+$";

    public static readonly Shape Root = new("pipeline", "What starts a run, and the steps it takes. The folder's name is the pipeline's id.",
    [
        Optional("description", Kind.Text("What the pipeline does, in one sentence.")),
        Optional("enabled", Kind.Flag("False stops new runs; parked ones finish.").Default(true)),
        Required("connections", Kind.Map("Names used in this file → files in connections/. Another system is another value here.", Kind.Text("Name of a file in connections/, without .json."))),
        Required("triggers", Kind.List("What starts a run; at least one.", Kind.Ref("trigger"))),
        Optional("rollout", Kind.Of("rollout", "Limits the pipeline to some values, for example to one requisition.")),
        Optional("lookups", Kind.Object("Tables that mappings see as 'lookups'.").Example(new JsonObject { ["kit"] = new JsonObject { ["Phone Screen"] = "kit_xyz789", ["*"] = "kit_general" } })),
        Required("steps", Kind.List("What a run does, in order.", Kind.Ref("step"))),
        Optional("onFailure", Kind.List("Steps after a failure that ends the run.", Kind.Ref("step"))),
    ]);

    public static readonly Shape Trigger = new("trigger", "An event ('on'), a person ('manual'), or a clock ('schedule').",
    [
        Optional("on", Kind.Text("The event, as alias.event.", ReferencePattern).Example("ats.application.stage_changed")),
        Optional("when", Kind.Text("JavaScript expression over 'event' and 'lookups'; the run is skipped when it gives false or null.").Example("event.application.stage?.name === 'Phone Screen'")),
        Optional("manual", Kind.Of("manual", "A person starts the pipeline, with 'aria send'.")),
        Optional("schedule", Kind.Of("schedule", "The pipeline starts by itself. Mappings see event.scheduled_at, and in event.missed how many times passed while the host was down.")),
    ]);

    public static readonly Shape Schedule = new("schedule", "Times: 'cron' or 'every'. After a downtime only the last time that was missed fires.",
    [
        Optional("cron", Kind.Text("Minute, hour, day of the month, month, day of the week.").Example("0 9 * * 1-5")),
        Optional("every", Kind.Duration("A period of a minute or more.").Example("15m")),
        Optional("timeZone", Kind.Text("IANA name of the time zone that 'cron' speaks of.").Default("UTC").Example("Europe/Berlin")),
    ]);

    public static readonly Shape Manual = new("manual", "The subject that a person gives; its data is read with the connector's <subject>.get.",
    [
        Required("subject", Kind.Text("Alias and noun, as alias.noun.", ReferencePattern).Example("ats.application")),
    ]);

    public static readonly Shape Rollout = new("rollout", "Only events for which 'by' gives one of 'only' are processed; the others end as skipped.",
    [
        Required("by", Kind.Text("JavaScript expression over 'event' and 'lookups'.").Example("event.job.id")),
        Required("only", Kind.Texts("The values that are let through.").Example(new JsonArray("4056310"))),
    ]);

    public static readonly Shape ActionStep = new("action", "Calls an operation of a connector.",
    [
        Id(),
        When(),
        Optional("action", Kind.Text("The operation, as alias.operation.", ReferencePattern).Example("aria.interview.create")),
        Optional("with", Kind.Value("The operation's input.")),
        Optional("once", Kind.Of("once", "Skips the step when the key is claimed already, by any pipeline.")),
        Optional("retry", Kind.Of("retry", "How often and how soon it is tried again. A definite refusal is never retried.")),
        Optional("timeout", Kind.Duration("How long one attempt may take; the connector's time when absent.").Example("30s")),
        Optional("onFailure", OnFailure()),
        Optional("onUnknown", Kind.OneOf("What happens when the outcome of an unsafe operation is unknown. review: a person will look, it is never sent again by itself. sendAgain: the same request is sent again, and what it does may be done twice.", "review", "sendAgain")),
    ]);

    public static readonly Shape MapStep = new("map", "Makes JSON from JSON.",
    [
        Id(),
        When(),
        Optional("map", Kind.Value("What later steps see as steps.<id>.output.")),
    ]);

    public static readonly Shape AwaitStep = new("await", "Parks the run until an event or a deadline.",
    [
        Id(),
        When(),
        Optional("await", Kind.Of("wait", "Parks the run, durably, until a matching event or the deadline.")),
    ]);

    public static readonly Shape Wait = new("wait", "What ends the waiting.",
    [
        Required("on", Kind.List("The events, each as alias.event.", Kind.Text("An event, as alias.event.", ReferencePattern)).Example(new JsonArray("aria.interview.completed"))),
        Required("match", Kind.Map("Correlation keys that the events declare, and the values they must have.", Kind.Ref(Kind.ValueName)).Example(new JsonObject { ["interview_id"] = "{{ steps.invite.output.interview_id }}" })),
        Required("timeout", Kind.Duration("The deadline, counted from the first start of the step.").Example("14d")),
        Optional("onTimeout", Kind.OneOf("What follows when the deadline passes.", "continue", "fail").Default("fail")),
    ]);

    public static readonly Shape Once = new("once", "A durable claim, across pipelines.",
    [
        Required("key", Kind.List("Values that together are the key.", Kind.Ref(Kind.ValueName)).Example(new JsonArray("{{ event.candidate.email_canonical }}", "{{ event.job.id }}"))),
        Required("within", Kind.Duration("How long the claim holds.").Example("30d")),
        Required("scope", Kind.Text("Claims of one scope exclude each other.").Example("interview")),
    ]);

    public static readonly Shape Retry = new("retry", "Tries after failures that may pass.",
    [
        Optional("max", Kind.Count("Tries in all.").Default(RetryDefaults.Max)),
        Optional("delay", Kind.Duration("Wait before the second try; doubles each time, up to an hour.").Default(Words(RetryDefaults.Delay))),
    ]);

    /// <summary>The kinds of a step; each is named after the member that tells it apart.</summary>
    public static readonly IReadOnlyList<Shape> Steps = [ActionStep, MapStep, AwaitStep];

    public static readonly IReadOnlyList<Shape> Parts = [Trigger, Manual, Schedule, Rollout, Wait, Once, Retry];

    private static Member Id() =>
        Required("id", Kind.Text("Name of the step, under which later mappings see it in 'steps'. It is part of the identity of its effect: do not rename it while runs are parked.", Kind.IdentifierPattern));

    private static Member When() =>
        Optional("when", Kind.Text("JavaScript expression over 'event', 'steps', 'lookups' and 'now'; the step is skipped when it gives false or null."));

    private static JsonObject OnFailure() => new()
    {
        ["description"] = "What follows a failure: 'stop' ends the run, 'continue' records the failure and goes on, a list holds steps to run before it ends.",
        ["default"] = "stop",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray("stop", "continue") },
            new JsonObject { ["type"] = "array", ["items"] = Kind.Ref("step") }),
    };

    private static string Words(TimeSpan delay) => $"{delay.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";
}
