using System.Text.Encodings.Web;
using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>Writes the files of a new pipeline: the business loop, with what the connectors at hand can do.</summary>
internal static class PipelineScaffold
{
    private const string WriteOperation = "interview.write";
    private const string NoteOperation = "note.add";

    private static readonly string[] InviteOperations = ["interview.create", "interview.get"];
    private static readonly string[] InviteEvents = ["interview.completed", "interview.no_show"];
    private static readonly JavaScriptEncoder Readable = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The event that a trigger needs; null for a person.</summary>
    public static string? EventOf(PipelineTrigger trigger) => trigger switch
    {
        PipelineTrigger.Stage => "application.stage_changed",
        PipelineTrigger.Application => "application.created",
        _ => null,
    };

    /// <summary>What the two connectors lack for the request; empty when it can be written.</summary>
    public static IReadOnlyList<string> Obstacles(PipelineRequest request, Connector ats, Connector aria)
    {
        var lacking = new List<string>();
        foreach (PipelineTrigger trigger in request.Triggers)
        {
            if (EventOf(trigger) is { } name ? !ats.Events.ContainsKey(name) : !ats.Operations.ContainsKey("application.get"))
            {
                lacking.Add($"Connector '{ats.Name}' of connection '{request.Ats}' has no {(EventOf(trigger) is { } e ? $"event '{e}'" : "operation 'application.get'")}, which --trigger {trigger.ToString().ToLowerInvariant()} needs.");
            }
        }
        if (!ats.Operations.ContainsKey(WriteOperation) && !ats.Operations.ContainsKey(NoteOperation))
        {
            lacking.Add($"Connector '{ats.Name}' of connection '{request.Ats}' has neither '{WriteOperation}' nor '{NoteOperation}', so no result could be written back.");
        }
        string[] needed = [.. InviteOperations.Where(o => !aria.Operations.ContainsKey(o)), .. InviteEvents.Where(e => !aria.Events.ContainsKey(e))];
        if (needed.Length > 0)
        {
            lacking.Add($"Connector '{aria.Name}' of connection '{request.Aria}' does not invite: it lacks {string.Join(", ", needed.Select(n => $"'{n}'"))}.");
        }
        return lacking;
    }

    /// <summary>The files, by name.</summary>
    /// <param name="request">What it is to do; without obstacles.</param>
    /// <param name="ats">Connector of the applicant tracking system.</param>
    /// <param name="schema">Path of its schema, relative to its folder.</param>
    public static IReadOnlyDictionary<string, string> Files(PipelineRequest request, Connector ats, string schema)
    {
        bool writes = ats.Operations.ContainsKey(WriteOperation);
        return new Dictionary<string, string>
        {
            ["pipeline.json"] = Pipeline(request, writes, ats.Operations.ContainsKey(NoteOperation), schema),
            ["invitation.json"] = Invitation,
            [writes ? "result.js" : "result.scriban"] = writes ? ResultScript : ResultNote,
        };
    }

    private static string Pipeline(PipelineRequest request, bool writes, bool notes, string schema)
    {
        string rollout = request.Jobs.Count == 0 ? "" : $$"""

              "rollout": { "by": "event.job.id", "only": [{{string.Join(", ", request.Jobs.Select(Json))}}] },
            """;
        string pending = writes
            ? """{ "id": "pending", "action": "ats.interview.write", "with": { "application_id": "{{ event.application.id }}", "status": "pending" } },"""
            : """{ "id": "pending", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": "ARIA interview: invited" } },""";
        string result = writes
            ? """{ "id": "write", "action": "ats.interview.write", "with": { "$file": "result.js" } }"""
            : """{ "id": "write", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": { "$file": "result.scriban" } } }""";
        string failure = !notes ? "" : """
            ,
              "onFailure": [
                {
                  "id": "failed",
                  "action": "ats.note.add",
                  "with": { "application_id": "{{ event.application.id }}", "text": "ARIA interview: needs attention. See the run of event {{ event.id }}." }
                }
              ]
            """;
        return $$$"""
            {
              "$schema": {{{Json(schema)}}},
              "description": {{{Json(Description(request))}}},
              "connections": { "ats": {{{Json(request.Ats)}}}, "aria": {{{Json(request.Aria)}}} },
              "triggers": [
                {{{string.Join(",\n    ", request.Triggers.Select(t => Trigger(t, request.Stage)))}}}
              ],{{{rollout}}}
              "lookups": { "kit": {{{Json(request.Kit)}}} },
              "steps": [
                {
                  "id": "invite",
                  "action": "aria.interview.create",
                  "with": { "$file": "invitation.json" },
                  "once": { "key": ["{{ event.candidate.email_canonical }}", "{{ event.job.id }}"], "within": "30d", "scope": "interview" }
                },
                {{{pending}}}
                {
                  "id": "wait",
                  "await": {
                    "on": ["aria.interview.completed", "aria.interview.no_show"],
                    "match": { "interview_id": "{{ steps.invite.output.interview_id }}" },
                    "timeout": "14d",
                    "onTimeout": "continue"
                  }
                },
                { "id": "details", "action": "aria.interview.get", "with": { "interview_id": "{{ steps.invite.output.interview_id }}" } },
                {{{result}}}
              ]{{{failure}}}
            }

            """;
    }

    private static string Trigger(PipelineTrigger trigger, string? stage) => trigger switch
    {
        PipelineTrigger.Stage when stage is not null => $$"""{ "on": "ats.application.stage_changed", "when": {{Json($"event.application.stage?.name === {Script(stage)}")}} }""",
        PipelineTrigger.Stage => """{ "on": "ats.application.stage_changed" }""",
        PipelineTrigger.Application => """{ "on": "ats.application.created" }""",
        _ => """{ "manual": { "subject": "ats.application" } }""",
    };

    private static string Description(PipelineRequest request)
    {
        IEnumerable<string> who = request.Triggers.Select(t => t switch
        {
            PipelineTrigger.Stage => request.Stage is { } stage ? $"candidates who reach {stage}" : "candidates who reach another stage",
            PipelineTrigger.Application => "new applicants",
            _ => "candidates whom a recruiter picks",
        });
        return $"Invite {string.Join(", or ", who)}; write the result back";
    }

    /// <summary>Text as a JSON string.</summary>
    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, Readable)}\"";

    /// <summary>Text as a JavaScript string in single quotes, which need no escaping inside JSON.</summary>
    private static string Script(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private const string Invitation = """
        {
          "candidate": {
            "email": "{{ event.candidate.email }}",
            "name": "{{ event.candidate.name }}",
            "phone": "{{ event.candidate.phone }}"
          },
          "job_id": "{{ event.job.id }}",
          "interview_kit_id": "{{ lookups.kit }}",
          "send_immediately": true,
          "metadata": { "application_id": "{{ event.application.id }}", "job_title": "{{ event.job.title }}" }
        }

        """;

    private const string ResultScript = """
        // A missed webhook is not a no-show: the interview itself says how it ended.
        const interview = steps.details.output;
        const completed = interview.status === 'completed';

        return {
          application_id: event.application.id,
          status: completed ? 'completed' : 'no_show',
          score: completed ? interview.score : null,
          recommendation: completed ? interview.recommendation : null,
          transcript_url: completed ? interview.transcript_url : null,
          recording_url: completed ? interview.recording_url : null,
        };

        """;

    private const string ResultNote = """
        {{~ # A missed webhook is not a no-show: the interview itself says how it ended. ~}}
        {{~ interview = steps.details.output ~}}
        {{ if interview.status == "completed" ~}}
        ARIA interview: completed
        Score: {{ interview.score }}
        Recommendation: {{ interview.recommendation }}
        Transcript: {{ interview.transcript_url }}
        {{~ else ~}}
        ARIA interview: no-show
        {{~ end ~}}

        """;
}
