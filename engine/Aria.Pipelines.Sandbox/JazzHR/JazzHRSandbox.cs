using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>
/// A strict local stand-in for JazzHR: the REST API under <see cref="ApiUrl"/>, from what public clients rely on, and the Candidate Export webhook, from the
/// vendor's documentation. State is in memory. Safe from any thread.
/// </summary>
/// <remarks>
/// Its part of <c>/_sandbox/…</c> beside that of <see cref="ControlApi"/>: <c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?}</c>,
/// <c>POST applications/{id}/move</c> <c>{"stage"}</c>, <c>POST applications/{id}/export</c>, <c>POST exports</c> <c>{"url","secret"}</c>, <c>GET state</c>.
/// </remarks>
public sealed class JazzHRSandbox : IAsyncDisposable
{
    private readonly Account _account;
    private readonly Lock _gate = new();
    private readonly CandidateExport _export;
    private readonly RestApi _api;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;
    private int _lists;

    private JazzHRSandbox(JazzHROptions options)
    {
        _account = new Account(options);
        _export = new CandidateExport(_account);
        _api = new RestApi(_account, () => _lists++);
        _control = new ControlApi(options.Time, _export.Sender,
        [
            ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
            ControlRoute.Of("POST", "applications/*/move", (id, body) => Shown(id, () => Move(id, ControlBody.Text(body, "stage")))),
            ControlRoute.Of("POST", "applications/*/export", (id, _) => Shown(id, () => Export(id))),
            new ControlRoute("POST", "exports", async (_, body, cancel) =>
                Answer.Json(201, new JsonObject { ["saved"] = await AddExportAsync(ControlBody.LoopbackUrl(body, "url"), ControlBody.Text(body, "secret"), cancel) })),
            ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, new JsonObject { ["applications"] = new JsonArray([.. State.Applications.Select(Shown)]) })),
        ]);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The base URL of the API, without a slash at the end.</summary>
    public Uri ApiUrl => new(BaseUrl, "/v1");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>Exports with their attempts, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _export.Sender.Deliveries;

    /// <summary>The account as it is now.</summary>
    public JazzHRSnapshot State
    {
        get
        {
            lock (_gate)
            {
                return new JazzHRSnapshot([.. _account.Applications.Select(View)], [.. _account.Categories.Select(c => c.Name)], _lists);
            }
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<JazzHRSandbox> StartAsync(JazzHROptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new JazzHRSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>A person applies. Returns the ids of applicant and job, joined by ~.</summary>
    public string Apply(JazzHRApplicant person, string jobId = JazzHRSeeds.EngineerJobId) => Change(() => Named(_account.Apply(_account.Add(person), jobId)));

    /// <summary>The person of an earlier application applies again: to the same job as another applicant, because an applicant has a job once.</summary>
    /// <returns>The ids of applicant and job, joined by ~.</returns>
    public string ApplyAgain(string applicationId, string jobId) => Change(() =>
    {
        Applicant known = _account.Find(applicationId).Applicant;
        bool has = _account.Applications.Exists(a => a.Applicant == known && a.Job.Id == jobId);
        return Named(_account.Apply(has ? _account.Add(known.Person) : known, jobId));
    });

    /// <summary>A recruiter moves an application to the step of this name; a Workflow Helper may export it.</summary>
    public void Move(string applicationId, string step) => Change(() =>
    {
        JazzHRStep to = _account.Options.Steps.FirstOrDefault(s => s.Name == step) ?? throw new KeyNotFoundException($"There is no step '{step}'.");
        Application application = _account.Find(applicationId);
        application.Move(to, _account.Now);
        if (to.Exports)
        {
            _export.Send(application);
        }

        return true;
    });

    /// <summary>A recruiter exports the candidate by hand.</summary>
    public void Export(string applicationId) => Change(() =>
    {
        _export.Send(_account.Find(applicationId));
        return true;
    });

    /// <summary>Recruiters export again what was not taken: JazzHR shows the error to them, and does not repeat it itself.</summary>
    /// <returns>How many there were.</returns>
    public int ExportAgain() => Change(() =>
    {
        IReadOnlyList<Application> failed = _export.TakeErrors();
        foreach (Application application in failed)
        {
            _export.Send(application);
        }

        return failed.Count;
    });

    /// <summary>Adds a Candidate Export integration on a loopback URL.</summary>
    /// <returns>False when the verification event was not answered with exactly 200; then nothing is saved.</returns>
    public Task<bool> AddExportAsync(Uri url, string secret, CancellationToken cancellationToken = default) => Loopback.Holds(url)
        ? _export.AddAsync(url, secret, cancellationToken)
        : throw new ArgumentException($"'{url}' is not a loopback URL, and the sandbox sends nowhere else.", nameof(url));

    /// <summary>Removes every Candidate Export integration.</summary>
    public void RemoveExports() => Change(() =>
    {
        _export.RemoveAll();
        return true;
    });

    /// <summary>Completes when every export is delivered, given up, or waits for its retry.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken = default) => _export.Sender.WhenQuietAsync(cancellationToken);

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<JazzHRSnapshot> WhenAsync(Func<JazzHRSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server and gives up the exports still waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _export.DisposeAsync();
    }

    private T Change<T>(Func<T> work)
    {
        lock (_gate)
        {
            T result = work();
            _pulse.Beat();
            return result;
        }
    }

    private Answer Serve(SandboxRequest request) => Change(() => request.Path.StartsWith(RestApi.Prefix, StringComparison.Ordinal) ? _api.Handle(request) : Answer.Empty(404));

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        var person = new JazzHRApplicant(space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..], ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone"));
        return Answer.Json(201, new JsonObject { ["application_id"] = Apply(person, ControlBody.OptionalText(body, "job_id") ?? JazzHRSeeds.EngineerJobId) });
    }

    private Answer Shown(string id, Action work)
    {
        work();
        return Answer.Json(200, Shown(State.Application(id)));
    }

    private static string Named(Application application) => $"{application.Applicant.Id}~{application.Job.Id}";

    private static JazzHRApplicationView View(Application application) => new(
        application.Applicant.Id, application.Job.Id, application.Job.Title, application.Step.Name,
        [.. application.Applicant.Notes.Select(n => new JazzHRNoteView(n.Id, n.UserId, n.Contents, n.Security))],
        [.. application.Applicant.Categories.Select(c => c.Name)]);

    private static JsonObject Shown(JazzHRApplicationView application) => new()
    {
        ["id"] = application.Id,
        ["stage"] = application.Step,
        ["notes"] = new JsonArray([.. application.Notes.Select(n => (JsonNode)n.Contents)]),
        ["tags"] = new JsonArray([.. application.Tags.Select(t => (JsonNode)t)]),
    };
}
