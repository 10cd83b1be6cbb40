namespace Aria.Pipelines.Tests.Authoring;

/// <summary>One definition of each kind that holds every object there is, with all that is required.</summary>
internal static class FullDefinitions
{
    public const string Pipeline = """
        {
          "description": "d", "enabled": true,
          "connections": { "ats": "greenhouse" },
          "triggers": [ { "on": "ats.application.created", "when": "true" }, { "manual": { "subject": "ats.application" } }, { "schedule": { "cron": "0 9 * * 1-5", "timeZone": "Europe/Berlin" } } ],
          "rollout": { "by": "event.job.id", "only": ["1"] },
          "lookups": { "kit": "k" },
          "steps": [
            {
              "id": "note", "when": "true", "action": "ats.note.add", "with": { "text": "{{ event.id }}" }, "timeout": "30s", "onFailure": "continue",
              "once": { "key": ["k"], "within": "1d", "scope": "s" }, "retry": { "max": 3, "delay": "10s" }
            },
            { "id": "made", "when": "true", "map": { "$js": "1" } },
            { "id": "wait", "when": "true", "await": { "on": ["ats.application.hired"], "match": { "application_id": "1" }, "timeout": "1d", "onTimeout": "fail" } }
          ],
          "onFailure": [ { "id": "failed", "map": 1 } ]
        }
        """;

    public const string Connection = """
        { "connector": "greenhouse", "description": "d", "settings": {}, "allowFrom": ["203.0.113.0/24"], "limits": { "perHour": 10, "also": [ { "requests": 1000, "per": "1h" } ], "breaker": { "failures": 5, "openFor": "30s" } }, "trust": ["${secret:authority}", { "secret": "${secret:old-authority}", "notAfter": "2026-12-31T00:00:00Z" }] }
        """;

    public const string Environment = """
        { "description": "d", "allowLoopback": true, "allowPlainHttp": true, "connections": { "greenhouse": { "settings": {}, "limits": { "requests": 1, "per": "1s" }, "trust": ["${secret:authority}"] } } }
        """;

    public const string Case = """
        {
          "description": "d", "at": "2026-01-05T09:00:00Z",
          "given": [ { "after": "1d" }, { "event": { "manual": "1" } } ],
          "event": { "from": "ats", "sample": "application.created", "merge": { "a": 1 } },
          "answers": [
            { "to": "aria POST /interviews", "status": 422, "headers": { "Retry-After": "5" }, "body": {}, "times": 2 },
            { "to": "aria GET /interviews/*", "lost": true, "times": "any" }, { "to": "ats GET https://example.com/x?y=*", "unreachable": true }
          ],
          "then": [ { "event": { "from": "aria", "body": { "event": "interview.completed" } } }, { "after": "14d" } ],
          "expect": {
            "state": "dead", "code": "x", "requests": [ { "to": "aria POST /interviews", "body": {}, "times": 2 } ],
            "steps": { "invite": { "status": "failed", "output": null, "error": { "code": "x" } } }
          }
        }
        """;

    public const string Connector = """
        {
          "connector": "test", "version": "1.0.0", "contract": 1, "title": "Test", "description": "d",
          "settings": {
            "key": { "type": "secret", "required": true, "help": "h" },
            "mode": { "type": "string", "default": "lookup", "allowed": ["lookup", "keyed"] }, "feed": { "type": "string", "default": "list", "allowed": ["list"] }, "every": { "type": "string", "default": "1m" }
          },
          "http": {
            "baseUrl": "https://example.com", "headers": { "Accept": "application/json" }, "format": "json", "auth": { "bearer": { "token": "{{ settings.key }}" } }, "paging": { "link": "next" },
            "errors": [ { "status": 404, "when": "true", "is": "rejected", "message": "/error" } ], "limits": { "requests": 1, "per": "1s", "also": [ { "requests": 1000, "per": "1h" } ], "concurrent": 8, "remaining": "X-Left", "reset": { "header": "X-More", "unit": "epoch" }, "retryAfter": { "header": "X-Wait", "unit": "milliseconds" } }, "clientCertificate": { "certificate": "{{ settings.key }}", "key": "{{ settings.key }}" }, "timeout": "30s"
          },
          "webhook": {
            "signature": {
              "header": "X-Signature", "prefix": "sha256=", "algorithm": "hmac-sha256", "encoding": "hex", "secret": "key", "parts": ["header:X-Time", "body"],
              "timestamp": { "header": "X-Time", "tolerance": "5m" }
            },
            "ack": 200, "handshake": { "header": "X-Hook", "status": 200 }, "type": "/type", "pings": ["ping"], "dedupe": ["body"], "encoding": "gzip"
          },
          "events": {
            "thing.made": {
              "wireType": "made", "description": "d", "subject": "thing:{{ payload.id }}", "correlation": { "thing_id": "{{ payload.id }}" },
              "enrich": [ { "id": "thing", "request": { "method": "GET", "path": "/things/{{ input.id }}" }, "sample": {} } ],
              "canonical": { "id": "{{ payload.id }}" }, "samples": [ { "constructed": "samples/made.json" } ]
            },
            "thing.changed": {
              "description": "d", "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "samples/made.json" } ],
              "poll": {
                "request": { "method": "GET", "path": "/things" }, "ready": {}, "items": "/data", "when": "true", "next": "{{ response.body.next }}", "cursor": { "timestamp": { "field": "/at", "format": "iso", "overlap": "2m", "skew": "5m", "remember": { "key": "/id", "compare": ["/status"] } } },
                "order": "ascending", "detail": { "request": { "method": "GET", "path": "/things/{{ item.id }}" }, "value": { "$js": "response.body" } }, "acknowledge": { "method": "DELETE", "path": "/things" }, "dedupe": ["/id"], "interval": "1m"
              }
            },
            "thing.chosen": {
              "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "samples/made.json" } ],
              "poll": { "setting": "feed", "feeds": { "list": { "request": { "method": "GET", "path": "/things" }, "items": "/data", "cursor": { "watermark": { "field": "/id" } }, "interval": { "setting": "every" } } } }
            },
            "thing.synced": {
              "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "samples/made.json" } ],
              "poll": { "request": { "method": "GET", "path": "/things" }, "items": "/data", "cursor": { "token": { "value": "{{ response.body.token }}", "expired": "false", "key": "/id" } } }
            },
            "thing.counted": {
              "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "samples/made.json" } ],
              "poll": { "request": { "method": "GET", "path": "/things" }, "items": "/data", "cursor": { "watermark": { "field": "/id" } } }
            },
            "thing.compared": {
              "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "samples/made.json" } ],
              "poll": { "request": { "method": "GET", "path": "/things" }, "items": "/data", "cursor": { "diff": { "key": "/id", "compare": ["/state"], "emit": "any" } }, "each": { "request": { "method": "GET", "path": "/groups" }, "paged": true, "items": "" } }
            },
            "thing.queued": {
              "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "samples/made.json" } ],
              "poll": { "request": { "method": "GET", "path": "/things" }, "items": "/data", "cursor": { "queue": { "position": "{{ response.body.id }}", "replay": { "method": "GET", "path": "/things" }, "open": { "method": "PUT", "path": "/things" }, "given": { "request": { "method": "GET", "path": "/things" }, "value": "{{ response.body.last }}" } } } }
            }
          },
          "operations": {
            "thing.make": {
              "description": "d", "effect": { "setting": "mode" }, "input": { "type": "object", "properties": { "name": { "type": "string" } } }, "landsIn": { "name": ["field", "note"] },
              "reads": [ { "id": "before", "when": "true", "request": { "method": "GET", "path": "/things" }, "ready": { "when": "true", "at": "/x", "every": "2s", "within": "1m" }, "paged": true, "items": "/data", "cache": { "for": "5m", "subject": "s" }, "value": { "$js": "response.body" }, "sample": [] } ],
              "refuse": [ { "code": "no", "fault": "operator", "message": { "$js": "null" } } ],
              "request": { "method": "POST", "path": "/things", "query": { "a": "b" }, "headers": { "A": "b" }, "body": {} },
              "output": { "id": "{{ response.body.id }}" }, "reference": "{{ output.id }}", "sample": { "id": "1" },
              "lookup": { "request": { "method": "GET", "path": "/things" }, "paged": true, "items": "/data", "found": { "$js": "null" }, "delay": "5s" },
              "idempotency": { "header": "Idempotency-Key", "validity": "24h" }, "touches": ["thing:1"]
            },
            "thing.both": {
              "input": { "type": "object" }, "parts": [ { "id": "make", "when": "true", "operation": "thing.make", "with": { "name": "a" } } ],
              "output": { "id": { "$js": "parts.make.id" } }, "sample": { "id": "1" }
            }
          },
          "cannot": { "thing.move": { "because": "It has no places.", "instead": "thing.make" } },
          "provision": [ { "id": "webhook", "instructions": "Add a webhook for {url}.", "check": "things" } ],
          "checks": [
            {
              "id": "things", "description": "d", "scopes": ["things.read"],
              "reads": [ { "id": "all", "request": { "method": "GET", "path": "/things" }, "value": { "$js": "response.body" }, "sample": [] } ],
              "find": { "$js": "null" }
            }
          ]
        }
        """;
}
