using System.Text.Json.Nodes;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Host.Control;

/// <summary>What operators see beside runs, as JSON.</summary>
internal static class OperatorReport
{
    public static JsonArray Events(IEnumerable<EventSummary> events) => new([.. events.Select(e => (JsonNode)Event(e))]);

    public static JsonObject One(EventDetail found)
    {
        JsonObject shown = Event(found.Event);
        shown["subject"] = found.Subject;
        shown["decodedInto"] = ControlAnswer.Array(found.DecodedInto);
        shown["runs"] = RunReport.List(found.Runs);
        shown["headers"] = JsonNode.Parse(found.Headers);
        shown["body"] = System.Text.Encoding.UTF8.GetString(found.Body);
        return shown;
    }

    public static JsonObject Failure(FailureGroup group, byte[]? diagnostic) => new()
    {
        ["fingerprint"] = group.Fingerprint,
        ["count"] = group.Count,
        ["pipeline"] = group.Pipeline,
        ["step"] = group.Step,
        ["code"] = group.Code,
        ["message"] = Of(diagnostic, "summary"),
        ["detail"] = Of(diagnostic, "detail"),
        ["fault"] = Of(diagnostic, "fault"),
        ["file"] = Of(diagnostic, "file"),
        ["line"] = Of(diagnostic, "line"),
        ["column"] = Of(diagnostic, "column"),
        ["first"] = ControlAnswer.Time(group.FirstUtc),
        ["last"] = ControlAnswer.Time(group.LastUtc),
        ["example"] = group.ExampleRunId,
        ["command"] = $"aria replay --failed --fingerprint {group.Fingerprint}",
    };

    public static JsonArray Audit(IEnumerable<AuditRow> rows) => new([.. rows.Select(row => (JsonNode)new JsonObject
    {
        ["number"] = row.Number,
        ["at"] = ControlAnswer.Time(row.Entry.AtUtc),
        ["act"] = row.Entry.Act,
        ["detail"] = JsonNode.Parse(row.Entry.Detail),
    })]);

    public static JsonObject Verdict(AuditVerdict verdict) => new()
    {
        ["good"] = verdict.FirstBad is null,
        ["rows"] = verdict.Rows,
        ["firstBad"] = verdict.FirstBad,
        ["reason"] = verdict.Reason,
        ["anchor"] = verdict.Anchor?.ToString(),
    };

    public static JsonArray Invariants(IEnumerable<InvariantFinding> findings) => new([.. findings.Select(f => (JsonNode)new JsonObject
    {
        ["id"] = f.Id,
        ["promise"] = f.Promise,
        ["holds"] = f.Holds,
        ["count"] = f.Count,
        ["violations"] = ControlAnswer.Array(f.Violations),
    })]);

    private static JsonNode? Of(byte[]? diagnostic, string member) => diagnostic is null ? null : JsonNode.Parse(diagnostic)?[member]?.DeepClone();

    private static JsonObject Event(EventSummary e) => new()
    {
        ["id"] = e.Id,
        ["state"] = e.State,
        ["code"] = e.Code,
        ["connection"] = e.Connection,
        ["kind"] = e.Kind,
        ["type"] = e.Type,
        ["received"] = ControlAnswer.Time(e.ReceivedUtc),
        ["duplicates"] = e.Duplicates,
        ["decodedFrom"] = e.DecodedFrom,
    };
}
