using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Sandbox.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>Sample ATS, the invented vendor of <c>plugins/Sample</c>: it tells of changes as signed CSV, and takes notes under ids that the caller chooses.</summary>
internal sealed class SampleStand : IConnectorStand
{
    private const string Key = "sample-key-1";
    private const string Hook = "sample-hook-secret";
    private const string Titles = "event_id,action,happened_at,application_id,stage_id,stage,source,candidate_id,first_name,last_name,email,phone,resume_url,job_id,job_title,requisition_id";

    private static readonly WebhookRules Rules = new()
    {
        Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)],
        Succeeds = status => status == 200,
        Headers = (secret, body, _) => [("Content-Type", "text/csv"), ("X-Sample-Signature", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)))],
    };

    private readonly Lock _gate = new();
    private readonly DemoClock _clock = new();
    private readonly WebhookSender _sender;
    private readonly WebApplication _server;
    private readonly Dictionary<string, string[]> _people = [];
    private readonly List<(string Application, string Note, string Text)> _notes = [];
    private int _events;

    private SampleStand()
    {
        _sender = new WebhookSender(Rules, _clock);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri BaseUrl => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public TimeProvider Time => _clock;

    public IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["sample-key"] = Key, ["sample-hook"] = Hook };

    public string Connection => new JsonObject
    {
        ["connector"] = "sample",
        ["settings"] = new JsonObject { ["apiKey"] = "${secret:sample-key}", ["webhookSecret"] = "${secret:sample-hook}", ["baseUrl"] = $"{BaseUrl}v1" },
    }.ToJsonString();

    public StandWork Work { get; } = new()
    {
        Steps = """[{ "id": "note", "action": "ats.note.add", "retry": { "max": 8, "delay": "10s" }, "with": { "application_id": "{{ event.application.id }}", "text": "ARIA interview: needs attention." } }]""",
    };

    public string Stage => "Phone Screen";

    public int Duplicates => Locked(() => _notes.GroupBy(n => (n.Application, n.Text)).Sum(g => g.Count() - 1));

    public static async Task<IConnectorStand> StartAsync()
    {
        var stand = new SampleStand();
        await stand._server.StartAsync(TestContext.Current.CancellationToken);
        return stand;
    }

    public ReadOnlyMemory<byte>? Announcement(string applicationId) => Csv("applied", applicationId, "s-1", "New");

    public StandHolding Held(string applicationId) => new(null, null, null, null, Locked(() => _notes.Count(n => n.Application == applicationId)));

    public void Advance(TimeSpan time) => _clock.Advance(time);

    public Task ConnectAsync(Uri hook, CancellationToken cancellationToken)
    {
        _sender.AddTarget(hook, Hook, []);
        return Task.CompletedTask;
    }

    public string Apply(string firstName, string lastName, string email)
    {
        string id = Locked(() =>
        {
            string next = string.Create(CultureInfo.InvariantCulture, $"a-{_people.Count + 1}");
            _people.Add(next, [firstName, lastName, email]);
            return next;
        });
        _sender.Send("applied", Csv("applied", id, "s-1", "New"));
        return id;
    }

    public void Move(string applicationId) => _sender.Send("moved", Csv("moved", applicationId, "s-2", Stage));

    public Task WhenQuietAsync(CancellationToken cancellationToken) => _sender.WhenQuietAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _server.DisposeAsync();
    }

    private byte[] Csv(string action, string id, string stageId, string stage)
    {
        (string[] person, int number) = Locked(() => (_people[id], ++_events));
        string[] cells =
        [
            string.Create(CultureInfo.InvariantCulture, $"evt-{number}"), action, _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), id, stageId, stage, "",
            $"c-{id}", .. person, "", "", "j-12", "Warehouse Associate", "REQ-2026-012",
        ];
        return Encoding.UTF8.GetBytes($"{Titles}\n{string.Join(',', cells.Select(c => c.Length == 0 ? "" : $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))}\n");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        (HttpRequest request, HttpResponse response) = (context.Request, context.Response);
        string[] path = request.Path.Value!.Split('/');
        JsonNode? body = request.ContentLength > 0 ? await JsonNode.ParseAsync(request.Body) : null;
        string? problem = request.Headers.Authorization != $"Bearer {Key}" ? "bad key"
            : request.Method != "PUT" || path is not ["", "v1", "applications", _, "notes", _] || !Locked(() => _people.ContainsKey(path[3])) ? "there is nothing here"
            : body is not JsonObject { Count: 1 } || body["text"]?.GetValueKind() != System.Text.Json.JsonValueKind.String ? "a note has a text" : null;
        response.StatusCode = problem switch { null => 200, "bad key" => 401, "there is nothing here" => 404, _ => 422 };
        if (problem is null)
        {
            Locked(() =>
            {
                _notes.RemoveAll(n => n.Application == path[3] && n.Note == path[5]);
                _notes.Add((path[3], path[5], (string)body!["text"]!));
                return true;
            });
        }
        byte[] answer = Encoding.UTF8.GetBytes((problem is null ? new JsonObject { ["id"] = path[5] } : new JsonObject { ["error"] = problem }).ToJsonString());
        (response.ContentType, response.ContentLength) = ("application/json", answer.Length);
        await response.Body.WriteAsync(answer);
    }

    private T Locked<T>(Func<T> act)
    {
        lock (_gate)
        {
            return act();
        }
    }
}
