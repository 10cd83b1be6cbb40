using System.Globalization;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Greenhouse.Harvest;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>
/// A strict local stand-in for Greenhouse: Harvest v3 under <see cref="ApiUrl"/>, tokens at <see cref="TokenUrl"/> and outgoing
/// webhooks, from the vendor's documentation. It refuses what the vendor refuses. State is in memory. Safe from any thread.
/// </summary>
/// <remarks>The control API is described on <see cref="GreenhouseControl"/> and <see cref="ControlApi"/>.</remarks>
public sealed class GreenhouseSandbox : IAsyncDisposable
{
    private readonly Account _account;
    private readonly WebhookSender _webhooks;
    private readonly HookFeed _hooks;
    private readonly TokenDesk _tokens;
    private readonly HarvestApi _harvest;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private GreenhouseSandbox(GreenhouseOptions options)
    {
        _account = new Account(options);
        _webhooks = new WebhookSender(HookFeed.Rules(options.NewEventIdOnRetry), options.Time);
        _hooks = new HookFeed(_account, _webhooks);
        _tokens = new TokenDesk(options, _account);
        _harvest = new HarvestApi(options, _account, _hooks, _tokens, new ListEndpoint(new ListResources(_account), () => BaseUrl));
        _control = new ControlApi(options.Time, _webhooks, new GreenhouseControl(this).Routes);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The Harvest base URL, without a slash at the end.</summary>
    public Uri ApiUrl => new(BaseUrl, "/v3");

    /// <summary>The token URL.</summary>
    public Uri TokenUrl => new(BaseUrl, "/token");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The account as it is now.</summary>
    public GreenhouseSnapshot State
    {
        get
        {
            lock (_account.Gate)
            {
                return _account.Snapshot();
            }
        }
    }

    /// <summary>Outgoing webhooks with their attempts, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _webhooks.Deliveries;

    /// <summary>Webhooks neither delivered nor given up.</summary>
    public int PendingDeliveries => _webhooks.Pending;

    /// <summary>Starts the server.</summary>
    public static async Task<GreenhouseSandbox> StartAsync(GreenhouseOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new GreenhouseSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>Adds a candidate and an application in the job's first stage; fires <c>new_candidate_application</c>. Returns the application's id.</summary>
    public long Apply(GreenhouseCandidate candidate, long jobId = GreenhouseSeeds.EngineerJobId) => Change(() =>
    {
        Application application = _account.AddApplication(_account.AddCandidate(candidate), jobId, () => BaseUrl);
        _hooks.Applied(application);
        return application.Id;
    });

    /// <summary>Adds another application of the person who made an earlier one; fires <c>new_candidate_application</c>. Returns its id.</summary>
    public long ApplyAgain(long applicationId, long jobId) => Change(() =>
    {
        Application application = _account.AddApplication(_account.Find(applicationId).Candidate, jobId, () => BaseUrl);
        _hooks.Applied(application);
        return application.Id;
    });

    /// <summary>Moves an application to the stage of this name in its job; fires <c>candidate_stage_change</c>.</summary>
    public void MoveStage(long applicationId, string stageName) => Change(() =>
    {
        Application application = _account.Find(applicationId);
        if (application.Stage is null)
        {
            throw new InvalidOperationException($"Application {applicationId} is {application.Status} and cannot move.");
        }

        JobStage stage = application.Job.Stages.Find(s => s.Name == stageName)
            ?? throw new KeyNotFoundException($"Job {application.Job.Id} has no stage '{stageName}'.");
        _account.Move(application, stage, false);
        _hooks.Moved(application);
        return true;
    });

    /// <summary>Hires; fires <c>hire_candidate</c>.</summary>
    public void Hire(long applicationId) => Change(() =>
    {
        _account.Close(_account.Find(applicationId), "hired");
        _hooks.Hired(_account.Find(applicationId));
        return true;
    });

    /// <summary>Rejects; fires <c>reject_candidate</c>.</summary>
    public void Reject(long applicationId) => Change(() =>
    {
        _account.Close(_account.Find(applicationId), "rejected");
        _hooks.Rejected(_account.Find(applicationId));
        return true;
    });

    /// <summary>Replaces a candidate's names and addresses; fires <c>update_candidate</c>, whose shape is constructed.</summary>
    public void UpdateCandidate(long candidateId, GreenhouseCandidate person) => Change(() =>
    {
        Candidate candidate = _account.Candidates.Find(candidateId) ?? throw new KeyNotFoundException($"There is no candidate {candidateId}.");
        candidate.Person = person;
        candidate.Touch(_account.Now);
        _hooks.Updated(candidate);
        return true;
    });

    /// <summary>
    /// Configures a webhook on a loopback URL and, as the vendor does, pings it: without a 200 it is kept but disabled
    /// (<see cref="WebhookTarget.Enabled"/>) until <see cref="EnableWebhook"/>.
    /// </summary>
    /// <param name="url">Receiver.</param>
    /// <param name="secret">Secret key of the signature.</param>
    /// <param name="actions">Actions to send; null or empty means all.</param>
    /// <param name="ping">False skips the ping, for a receiver that does not listen yet.</param>
    /// <param name="cancellationToken">Ends the ping.</param>
    public async Task<WebhookTarget> AddWebhookAsync(
        Uri url, string secret, IEnumerable<string>? actions = null, bool ping = true, CancellationToken cancellationToken = default)
    {
        if (!Loopback.Holds(url))
        {
            throw new ArgumentException($"'{url}' is not a loopback URL, and the sandbox sends nowhere else.", nameof(url));
        }

        string[] chosen = [.. actions ?? []];
        GreenhouseActions.Check(chosen);
        WebhookTarget target = _webhooks.AddTarget(url, secret, chosen);
        bool taken = !ping || await _webhooks.PingAsync(target, "ping", SandboxJson.EscapedBytes(WebhookPayload.Ping(url)), cancellationToken);
        return taken ? target : _webhooks.Enable(target.Id, false)!;
    }

    /// <summary>Enables a webhook by hand.</summary>
    public void EnableWebhook(string id) =>
        _ = _webhooks.Enable(id, true) ?? throw new KeyNotFoundException($"There is no webhook '{id}'.");

    /// <summary>Completes when every webhook is delivered, given up, or waits for its retry.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken = default) => _webhooks.WhenQuietAsync(cancellationToken);

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<GreenhouseSnapshot> WhenAsync(Func<GreenhouseSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server and gives up the webhooks still waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _webhooks.DisposeAsync();
    }

    private T Change<T>(Func<T> work)
    {
        lock (_account.Gate)
        {
            T result = work();
            _pulse.Beat();
            return result;
        }
    }

    private Answer Serve(SandboxRequest request) => Change(() => request.Path switch
    {
        "/token" => _tokens.Handle(request),
        string path when path.StartsWith(HarvestApi.Prefix, StringComparison.Ordinal) => _harvest.Handle(request),
        string path when path.StartsWith(Attachment.PathPrefix, StringComparison.Ordinal) => Download(request),
        _ => Answer.Message(404, "Not found."),
    });

    private Answer Download(SandboxRequest request)
    {
        Attachment? file = long.TryParse(request.Path.Split('/')[2], out long id) ? _account.Attachments.Find(id) : null;
        if (file is null)
        {
            return Answer.Message(404, "Not found.");
        }

        bool fresh = long.TryParse(request.Query["expires"], CultureInfo.InvariantCulture, out long expires)
            && _account.Now.ToUnixTimeSeconds() < expires;
        return fresh ? new Answer(200, "%PDF-1.4\n%%EOF\n"u8.ToArray(), "application/pdf") : Answer.Message(403, "The URL has expired.");
    }
}
