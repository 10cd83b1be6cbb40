using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Api;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>
/// A strict local stand-in for SmartRecruiters: the Customer API at <see cref="BaseUrl"/>, tokens at <see cref="TokenUrl"/> and webhooks of the
/// Subscriptions API v201907, from the vendor's documentation. It refuses what the vendor refuses. State is in memory. Safe from any thread.
/// </summary>
/// <remarks>The control API is described on <see cref="SmartRecruitersControl"/> and <see cref="ControlApi"/>.</remarks>
public sealed class SmartRecruitersSandbox : IAsyncDisposable
{
    private readonly Account _account;
    private readonly WebhookSender _webhooks;
    private readonly HookFeed _hooks;
    private readonly CustomerApi _api;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private SmartRecruitersSandbox(SmartRecruitersOptions options)
    {
        _account = new Account(options);
        _hooks = new HookFeed(options, () => BaseUrl);
        _webhooks = new WebhookSender(_hooks.Rules(SubscriptionOf), options.Time);
        _hooks.Sender = _webhooks;
        _api = new CustomerApi(options, _account, _hooks, _webhooks);
        _control = new ControlApi(options.Time, _webhooks, new SmartRecruitersControl(this).Routes);
    }

    /// <summary>Scheme, host and port: the base URL of the Customer API.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The token URL.</summary>
    public Uri TokenUrl => new(BaseUrl, TokenDesk.Path);

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The account as it is now.</summary>
    public SmartRecruitersSnapshot State
    {
        get
        {
            lock (_account.Gate)
            {
                return _account.Snapshot();
            }
        }
    }

    /// <summary>Outgoing notifications with their attempts, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _webhooks.Deliveries;

    /// <summary>Notifications neither delivered nor given up.</summary>
    public int PendingDeliveries => _webhooks.Pending;

    /// <summary>Starts the server.</summary>
    public static async Task<SmartRecruitersSandbox> StartAsync(SmartRecruitersOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new SmartRecruitersSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.ServeAsync, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>Adds a candidate with an application in status NEW; fires <c>candidate.created</c> and <c>application.created</c>. Returns what identifies the application.</summary>
    public SmartRecruitersApplicationKey Apply(SmartRecruitersCandidate person, string jobId = SmartRecruitersSeeds.EngineerJobId) => Change(() =>
    {
        Application application = _account.AddApplication(_account.AddCandidate(person), jobId);
        _hooks.Created(application.Candidate);
        _hooks.Applied(application);
        return new SmartRecruitersApplicationKey(application.Candidate.Id, jobId);
    });

    /// <summary>Assigns a candidate to a further job; fires <c>application.created</c>.</summary>
    public SmartRecruitersApplicationKey ApplyAgain(string candidateId, string jobId) => Change(() =>
    {
        _hooks.Applied(_account.AddApplication(_account.Candidate(candidateId), jobId));
        return new SmartRecruitersApplicationKey(candidateId, jobId);
    });

    /// <summary>A recruiter sets a status, with the sub-status where the hiring process has some; fires <c>application.status.updated</c>.</summary>
    public void SetStatus(SmartRecruitersApplicationKey key, string status, string? subStatus = null) => Change(() =>
    {
        Application application = _account.Application(key.CandidateId, key.JobId);
        if (!Account.Statuses.Contains(status) || (subStatus is not null && !application.Job.SubStatusesOf(status).Contains(subStatus)))
        {
            throw new ArgumentException($"Job {key.JobId} has no status {status} {subStatus}.", nameof(status));
        }

        application.Set(new StatusChange(_account.Now, status, subStatus), null, null);
        application.Candidate.UpdatedOn = _account.Now;
        _hooks.StatusUpdated(application);
        return true;
    });

    /// <summary>Replaces a candidate's names and addresses; fires <c>candidate.updated</c>.</summary>
    public void UpdateCandidate(string candidateId, SmartRecruitersCandidate person) => Change(() =>
    {
        Candidate candidate = _account.Candidate(candidateId);
        (candidate.Person, candidate.UpdatedOn) = (person, _account.Now);
        _hooks.Updated(candidate);
        return true;
    });

    /// <summary>Removes a candidate with all applications; fires <c>candidate.deleted</c>, which has no link.</summary>
    public void DeleteCandidate(string candidateId) => Change(() =>
    {
        Candidate candidate = _account.Candidate(candidateId);
        _account.Candidates.Remove(candidate);
        _hooks.Deleted(candidate);
        return true;
    });

    /// <summary>Subscribes a loopback URL and, as the vendor does, shakes hands with it. True when it is active then.</summary>
    /// <param name="url">Receiver.</param>
    /// <param name="key">Key that signs; null for unsigned notifications.</param>
    /// <param name="events">Events to send; null means those that the sandbox sends by itself.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    public async Task<bool> SubscribeAsync(Uri url, string? key, IReadOnlyList<string>? events = null, CancellationToken cancellationToken = default)
    {
        if (!Loopback.Holds(url))
        {
            throw new ArgumentException($"'{url}' is not a loopback URL, and the sandbox sends nowhere else.", nameof(url));
        }

        Subscription subscription = Change(() =>
        {
            Subscription added = _api.Subscriptions.Add(url, events ?? SmartRecruitersEvents.Sent, null, []);
            if (key is not null)
            {
                added.AddKey(key, _account.Now);
            }

            return added;
        });
        return (await _api.Subscriptions.ActivateAsync(subscription.Id, cancellationToken)).Status == 204;
    }

    /// <summary>Adds a key to every subscription; the former one goes on signing for 24 hours.</summary>
    public void RotateKeys(string key) => Change(() =>
    {
        _account.Subscriptions.ForEach(s => s.AddKey(key, _account.Now));
        return true;
    });

    /// <summary>Completes when every notification is delivered, given up, or waits for its retry.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken = default) => _webhooks.WhenQuietAsync(cancellationToken);

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<SmartRecruitersSnapshot> WhenAsync(Func<SmartRecruitersSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server and gives up the notifications still waiting.</summary>
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

    private async Task<Answer> ServeAsync(SandboxRequest request, CancellationToken cancel)
    {
        Answer answer = await _api.HandleAsync(request, cancel);
        _pulse.Beat();
        return answer;
    }

    private Subscription? SubscriptionOf(string targetId)
    {
        lock (_account.Gate)
        {
            return _account.Subscriptions.Find(s => s.TargetId == targetId);
        }
    }
}
