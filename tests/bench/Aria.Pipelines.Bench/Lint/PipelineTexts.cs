namespace Aria.Pipelines.Bench.Lint;

/// <summary>The five forms of pipelines, with words between tildes to be filled in.</summary>
internal static class PipelineTexts
{
    public const string Greenhouse = """""
        {
          "connector": "greenhouse",
          "settings": {
            "clientId": "${secret:greenhouse-client-id}", "clientSecret": "${secret:greenhouse-client-secret}", "webhookSecret": "${secret:greenhouse-webhook}",
            "fields": { "recording_url": "aria_recording_url" }
          }
        }
        """"";

    public const string Aria = """""
        {
          "connector": "aria",
          "settings": { "apiKey": "${secret:aria-api-key}", "webhookSecret": "${secret:aria-webhook}" },
          "limits": { "perHour": 1000 }
        }
        """"";

    private const string Invitation = """""
        {
          "candidate": { "email": "{{ event.candidate.email }}", "name": "{{ event.candidate.name }}", "phone": "{{ event.candidate.phone }}" },
          "job_id": "{{ event.job.id }}",
          "interview_kit_id": { "$js": "lookups.kit[event.application.stage?.name] ?? lookups.kit['*']" },
          "send_immediately": true,
          "metadata": { "application_id": "{{ event.application.id }}", "job_title": "{{ event.job.title }} (~department~)", "requested_at": "{{ now }}", "form": "~n~" }
        }
        """"";

    private const string Result = """""
        // A missed webhook is not a no-show: the interview itself says how it ended.
        const interview = steps.details.output;
        const completed = interview.status === 'completed';
        const labels = { advance: 'go on', reject: 'stop' };

        return {
          application_id: event.application.id,
          status: completed ? 'completed' : 'no_show',
          score: completed ? interview.score : null,
          recommendation: completed && labels[interview.recommendation] !== '~n~' ? interview.recommendation : null,
          transcript_url: completed ? interview.transcript_url : null,
          recording_url: completed ? interview.recording_url : null,
        };
        """"";

    private const string Note = """""
        ARIA interview of {{ event.candidate.name }} for {{ event.job.title }} (~department~ ~n~):
        score {{ steps.details.output.score }}, {{ steps.details.output.recommendation }}.
        {{ if steps.wait.output.outcome == "timeout" }}The result arrived after ~days~ days.{{ end }}
        Team: {{ lookups.team.tech | string.upcase }}
        """"";

    private const string Loop = """""
        {
          "$schema": "../../schemas/pipeline.schema.json",
          "description": "~department~ ~n~: invite at ~stage~, write the result back",
          "connections": { "ats": "greenhouse", "aria": "aria" },
          "triggers": [
            { "on": "ats.application.stage_changed", "when": "event.application.stage?.name === '~stage~' && event.job.id !== '~n~'" },
            { "manual": { "subject": "ats.application" } }
          ],
          "rollout": { "by": "event.job.id", "only": ["~job~", "4056999"] },
          "lookups": { "kit": { "~stage~": "~kit~", "*": "kit_general" }, "team": { "sales": "Sales", "tech": "~department~" } },
          "steps": [
            {
              "id": "invite", "action": "aria.interview.create", "with": { "$file": "invitation.json" },
              "once": { "key": ["{{ event.candidate.email_canonical }}", "{{ event.job.id }}"], "within": "30d", "scope": "interview" },
              "retry": { "max": 5, "delay": "30s" }, "timeout": "20s"
            },
            { "id": "pending", "action": "ats.interview.write", "with": { "application_id": "{{ event.application.id }}", "status": "pending" }, "onFailure": "continue" },
            {
              "id": "wait",
              "await": {
                "on": ["aria.interview.completed", "aria.interview.no_show"],
                "match": { "interview_id": "{{ steps.invite.output.interview_id }}" },
                "timeout": "~days~d", "onTimeout": "continue"
              }
            },
            { "id": "details", "action": "aria.interview.get", "with": { "interview_id": "{{ steps.invite.output.interview_id }}" } },
            { "id": "write", "action": "ats.interview.write", "with": { "$file": "result.js" } },
            {
              "id": "note", "when": "steps.details.output.score !== null && steps.details.output.score >= ~days~ / 3",
              "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": { "$file": "note.scriban" } }
            }
          ],
          "onFailure": [
            { "id": "failed", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": "ARIA interview: needs attention. See the run of event {{ event.id }}." } }
          ]
        }
        """"";

    private const string Applied = """""
        {
          "description": "~department~ ~n~: invite who applies, say so in a note, and look again after ~days~ days",
          "connections": { "ats": "greenhouse", "aria": "aria" },
          "triggers": [ { "on": "ats.application.created", "when": "event.candidate.email !== null && event.job.title !== 'Test ~n~'" } ],
          "rollout": { "by": "event.job.id", "only": ["~job~"] },
          "lookups": { "kit": { "~stage~": "~kit~", "*": "kit_applied" } },
          "steps": [
            {
              "id": "facts",
              "map": {
                "label": "{{ event.job.title }}: {{ event.candidate.name }} (~n~)",
                "greeting": { "$js": "`Hello ${event.candidate.name}, thank you for your interest in ~department~`" },
                "urgent": { "$js": "event.application.source === 'Referral'" }
              }
            },
            { "id": "invite", "action": "aria.interview.create", "with": { "$file": "invitation.json" },
              "once": { "key": ["{{ event.candidate.email_canonical }}", "{{ event.job.id }}"], "within": "30d", "scope": "interview" } },
            { "id": "told", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": "Invited: {{ steps.facts.output.label }}. {{ steps.facts.output.greeting }}" } },
            { "id": "wait", "await": { "on": ["aria.interview.completed"], "match": { "interview_id": "{{ steps.invite.output.interview_id }}" }, "timeout": "~days~d", "onTimeout": "continue" } },
            { "id": "details", "action": "aria.interview.get", "with": { "interview_id": "{{ steps.invite.output.interview_id }}" } },
            { "id": "write", "action": "ats.interview.write", "with": { "$file": "result.js" } }
          ]
        }
        """"";

    private const string Noted = """""
        {
          "description": "~department~ ~n~: a note when a candidate reaches ~stage~ or ~next~",
          "connections": { "ats": "greenhouse" },
          "triggers": [
            { "on": "ats.application.stage_changed", "when": "['~stage~', '~next~'].includes(event.application.stage?.name)" }
          ],
          "lookups": { "text": { "~stage~": "Please prepare the ~department~ kit ~kit~.", "~next~": "Please call within ~days~ days.", "*": "Nothing to do." } },
          "steps": [
            { "id": "read", "action": "ats.application.get", "with": { "application_id": "{{ event.application.id }}" } },
            {
              "id": "text",
              "map": { "$js": "({ line: lookups.text[event.application.stage?.name] ?? lookups.text['*'], who: event.candidate.name, number: ~n~ })" }
            },
            { "id": "note", "when": "steps.read.output.candidate.email !== null", "action": "ats.note.add",
              "with": { "application_id": "{{ event.application.id }}", "text": "{{ steps.text.output.line }} {{ steps.text.output.who }} (~department~ ~n~)" },
              "onFailure": [ { "id": "again", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": "Step failed: {{ steps.note.error.message }}" } } ] }
          ]
        }
        """"";

    private const string Hired = """""
        {
          "description": "~department~ ~n~: keep the interview's facts with who was hired",
          "connections": { "ats": "greenhouse" },
          "triggers": [ { "on": "ats.application.hired", "when": "event.job.id === '~job~'" } ],
          "steps": [
            { "id": "read", "action": "ats.application.get", "with": { "application_id": "{{ event.application.id }}" } },
            { "id": "note", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": { "$file": "hired.scriban" } } }
          ]
        }
        """"";

    private const string HiredNote = """""
        {{ for word in ["~department~", "~kit~", "~n~"] }}{{ word | string.downcase }} {{ end }}
        Hired: {{ steps.read.output.candidate.name }} for {{ event.job.title }}
        {{ if steps.read.output.candidate.email }}Mail: {{ steps.read.output.candidate.email }}{{ else }}No mail{{ end }}
        """"";

    private const string Click = """""
        {
          "description": "~department~ ~n~: the recruiter's click",
          "connections": { "ats": "greenhouse", "aria": "aria" },
          "triggers": [ { "manual": { "subject": "ats.application" } } ],
          "lookups": { "kit": { "~stage~": "~kit~", "~next~": "~kit~b", "*": "kit_click" } },
          "steps": [
            { "id": "invite", "action": "aria.interview.create", "with": { "$file": "invitation.json" },
              "once": { "key": ["{{ event.candidate.email_canonical }}", "{{ event.job.id }}", "~n~"], "within": "3~days~d", "scope": "interview" } },
            { "id": "wait", "await": { "on": ["aria.interview.completed", "aria.interview.no_show"], "match": { "interview_id": "{{ steps.invite.output.interview_id }}" }, "timeout": "14d", "onTimeout": "continue" } },
            { "id": "details", "action": "aria.interview.get", "with": { "interview_id": "{{ steps.invite.output.interview_id }}" } },
            { "id": "write", "action": "ats.interview.write", "with": { "$file": "result.js" } }
          ],
          "onFailure": [ { "id": "failed", "action": "ats.note.add", "with": { "application_id": "{{ event.application.id }}", "text": "ARIA ~n~: needs attention" } } ]
        }
        """"";

    /// <summary>Files of each form by name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Forms { get; } =
    [
        new Dictionary<string, string> { ["pipeline.json"] = Loop, ["invitation.json"] = Invitation, ["result.js"] = Result, ["note.scriban"] = Note },
        new Dictionary<string, string> { ["pipeline.json"] = Applied, ["invitation.json"] = Invitation, ["result.js"] = Result },
        new Dictionary<string, string> { ["pipeline.json"] = Noted },
        new Dictionary<string, string> { ["pipeline.json"] = Hired, ["hired.scriban"] = HiredNote },
        new Dictionary<string, string> { ["pipeline.json"] = Click, ["invitation.json"] = Invitation, ["result.js"] = Result },
    ];
}
