namespace Aria.Pipelines.Bench.Load;

/// <summary>The job as a workspace: Greenhouse's own connector, a connector for the sink, one pipeline.</summary>
internal static class JobWorkspace
{
    private const string Target = """
        {
          "connector": "target",
          "version": "1.0.0",
          "contract": 1,
          "title": "Target",
          "description": "Takes invitations and counts them.",
          "settings": {
            "apiKey": { "type": "secret", "required": true, "help": "Any text." },
            "baseUrl": { "type": "string", "required": true, "help": "Where the sink listens." }
          },
          "http": { "baseUrl": "{{ settings.baseUrl }}", "auth": { "bearer": { "token": "{{ settings.apiKey }}" } }, "timeout": "30s" },
          "operations": {
            "invitation.create": {
              "description": "Invites a candidate.",
              "effect": "keyed",
              "idempotency": { "header": "Idempotency-Key", "validity": "24h" },
              "input": {
                "type": "object",
                "required": ["candidate", "job_id", "interview_kit_id"],
                "properties": {
                  "candidate": {
                    "type": "object",
                    "required": ["email", "name"],
                    "properties": {
                      "email": { "type": "string", "format": "email", "personal": true },
                      "name": { "type": "string", "minLength": 1, "personal": true },
                      "phone": { "type": "string", "minLength": 1, "personal": true }
                    },
                    "additionalProperties": false
                  },
                  "job_id": { "type": "string", "minLength": 1 },
                  "interview_kit_id": { "type": "string", "minLength": 1 },
                  "send_immediately": { "type": "boolean" }
                },
                "additionalProperties": false
              },
              "request": { "method": "POST", "path": "/invite", "body": "{{ input }}" },
              "output": { "id": "{{ response.body.id }}", "status": "{{ response.body.status }}" },
              "reference": "{{ output.id }}",
              "sample": { "id": "inv_1", "status": "sent" }
            }
          }
        }
        """;

    private const string Greenhouse = """
        { "connector": "greenhouse", "settings": { "clientId": "${secret:unused}", "clientSecret": "${secret:unused}", "webhookSecret": "${secret:greenhouse-webhook}" } }
        """;

    private const string Environment = """
        { "description": "This machine", "allowLoopback": true, "allowPlainHttp": true }
        """;

    private const string Pipeline = """
        {
          "description": "Invite every candidate who reaches the interview",
          "connections": { "ats": "greenhouse", "target": "target" },
          "triggers": [{ "on": "ats.application.stage_changed", "when": "event.application.stage?.name === 'Automated Interview'" }],
          "steps": [
            {
              "id": "invite",
              "action": "target.invitation.create",
              "with": {
                "candidate": { "email": "{{ event.candidate.email }}", "name": "{{ event.candidate.name }}", "phone": "{{ event.candidate.phone }}" },
                "job_id": "{{ event.job.id }}",
                "interview_kit_id": "{{ event.raw.payload.application.current_stage.interviews[0].interview_kit.id }}",
                "send_immediately": true
              }
            }
          ]
        }
        """;

    /// <summary>Writes <c>plugins/</c> and <c>workspace/</c>.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="root">The repository, for Greenhouse's connector.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="sink">Where the sink listens.</param>
    public static void Write(string folder, string root, string environment, Uri sink)
    {
        Copy(Path.Combine(root, "plugins", "Greenhouse"), Path.Combine(folder, "plugins", "Greenhouse"));
        Write(Target, folder, "plugins", "Target", "connector.json");
        Write(Greenhouse, folder, "workspace", "connections", "greenhouse.json");
        string address = sink.ToString().TrimEnd('/');
        Write($$"""{ "connector": "target", "settings": { "apiKey": "${secret:unused}", "baseUrl": "{{address}}" } }""", folder, "workspace", "connections", "target.json");
        Write(Environment, folder, "workspace", "environments", $"{environment}.json");
        Write(Pipeline, folder, "workspace", "invite", "pipeline.json");
    }

    private static void Write(string text, params string[] path)
    {
        string file = Path.Combine(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
