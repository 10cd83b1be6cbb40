using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.BambooHR;

/// <summary>
/// A strict local stand-in for BambooHR's applicant tracking, from the vendor's specification. It sends no events of applicants: there are none.
/// State is in memory. Safe from any thread.
/// </summary>
/// <remarks>
/// Its part of <c>/_sandbox/…</c> beside that of <see cref="ControlApi"/>: <c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?}</c>,
/// <c>POST applications/{id}/move</c> <c>{"stage"}</c>, <c>GET state</c>.
/// </remarks>
public sealed class BambooHRSandbox : IAsyncDisposable
{
    private readonly BambooHROptions _options;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Application> _applications = [];
    private readonly WebhookSender _none;
    private readonly HiringApi _api;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;
    private long _changes;
    private long _lastApplicant = 100;
    private int _lists;

    private BambooHRSandbox(BambooHROptions options)
    {
        _options = options;
        _none = new WebhookSender(new WebhookRules { Waits = [], Succeeds = _ => true, Headers = (_, _, _) => [] }, options.Time);
        _api = new HiringApi(options, _applications, a => a.Touched = ++_changes, () => _lists++);
        _control = new ControlApi(options.Time, _none,
        [
            ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
            ControlRoute.Of("POST", "applications/*/move", (id, body) => Move(id, ControlBody.Text(body, "stage"))),
            ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, new JsonObject { ["applications"] = new JsonArray([.. State.Applications.Select(Shown)]) })),
        ]);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The base URL of the API, without a slash at the end.</summary>
    public Uri ApiUrl => new(BaseUrl, "/api/v1");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The account as it is now.</summary>
    public BambooHRSnapshot State
    {
        get
        {
            lock (_gate)
            {
                return new BambooHRSnapshot([.. _applications.Values.Select(a => new BambooHRApplicationView(a.Id, a.ApplicantId, a.Job.Id, a.Status.Name, [.. a.Comments]))], _lists);
            }
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<BambooHRSandbox> StartAsync(BambooHROptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new BambooHRSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>A person applies. Returns the id of the application.</summary>
    public long Apply(BambooHRApplicant applicant, long jobId = BambooHRSeeds.EngineerJobId) => Change(() => Add(++_lastApplicant, applicant, jobId));

    /// <summary>The person of an earlier application applies again. Returns the id of the application.</summary>
    public long ApplyAgain(long applicationId, long jobId) => Change(() => Add(Find(applicationId).ApplicantId, Find(applicationId).Applicant, jobId));

    /// <summary>A recruiter sets the status of an application by its name.</summary>
    public void Move(long applicationId, string status) => Change(() =>
    {
        BambooHRStatus to = _options.Statuses.FirstOrDefault(s => s.Name == status && s.Enabled) ?? throw new KeyNotFoundException($"There is no status '{status}'.");
        Find(applicationId).Move(to, _options.Time.GetUtcNow());
        return Find(applicationId).Touched = ++_changes;
    });

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<BambooHRSnapshot> WhenAsync(Func<BambooHRSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _none.DisposeAsync();
    }

    private long Add(long applicantId, BambooHRApplicant applicant, long jobId)
    {
        BambooHRJob job = _options.Jobs.FirstOrDefault(j => j.Id == jobId) ?? throw new KeyNotFoundException($"There is no job {jobId}.");
        var application = new Application(60 + _applications.Count + 1, applicantId, applicant, job, _options.Statuses[0], _options.Time.GetUtcNow()) { Touched = ++_changes };
        _applications.Add(application.Id, application);
        return application.Id;
    }

    private Application Find(long id) => _applications.GetValueOrDefault(id) ?? throw new KeyNotFoundException($"There is no application {id}.");

    private T Change<T>(Func<T> work)
    {
        lock (_gate)
        {
            T result = work();
            _pulse.Beat();
            return result;
        }
    }

    private Answer Serve(SandboxRequest request) => Change(() => request.Path.StartsWith(HiringApi.Prefix, StringComparison.Ordinal)
        ? _api.Handle(request) : new Answer(404, [], "text/html").With("x-bamboohr-error-message", "Bad request url"));

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        var person = new BambooHRApplicant(space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..], ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone"));
        long id = Apply(person, ControlBody.OptionalWhole(body, "job_id") ?? BambooHRSeeds.EngineerJobId);
        return Answer.Json(201, new JsonObject { ["application_id"] = id });
    }

    private Answer Move(string id, string stage)
    {
        long number = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : throw new KeyNotFoundException($"There is no application '{id}'.");
        Move(number, stage);
        return Answer.Json(200, Shown(State.Application(number)));
    }

    private static JsonObject Shown(BambooHRApplicationView application) => new()
    {
        ["id"] = application.Id,
        ["job_id"] = application.JobId,
        ["stage"] = application.Status,
        ["comments"] = new JsonArray([.. application.Comments.Select(c => (JsonNode)c)]),
    };
}
