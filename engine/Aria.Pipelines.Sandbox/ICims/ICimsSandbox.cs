using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.ICims.Api;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>
/// A strict local stand-in for the iCIMS Talent Cloud ATS: the customer API under <see cref="ApiUrl"/>, tokens at <see cref="TokenUrl"/> and push events,
/// from the vendor's documentation. It refuses what the vendor refuses. State is in memory. Safe from any thread.
/// </summary>
/// <remarks>The control API is described on <see cref="ICimsControl"/> and <see cref="ControlApi"/>.</remarks>
public sealed class ICimsSandbox : IAsyncDisposable
{
    private readonly ICimsOptions _options;
    private readonly Account _account;
    private readonly WebhookSender _sender;
    private readonly EventFeed _events;
    private readonly TokenDesk _tokens;
    private readonly CustomerApi _api;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private ICimsSandbox(ICimsOptions options)
    {
        _options = options;
        _account = new Account(options);
        _sender = new WebhookSender(EventFeed.Rules(options), options.Time);
        _events = new EventFeed(options, _sender, () => BaseUrl);
        _tokens = new TokenDesk(options, _account);
        _api = new CustomerApi(options, _account, _events, _tokens, () => BaseUrl);
        _control = new ControlApi(options.Time, _sender, new ICimsControl(this).Routes);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The base URL of the customer's records, without a slash at the end.</summary>
    public Uri ApiUrl => new(BaseUrl, $"/customers/{_options.CustomerId}");

    /// <summary>The token URL.</summary>
    public Uri TokenUrl => new(BaseUrl, "/oauth/token");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The account as it is now.</summary>
    public ICimsSnapshot State
    {
        get
        {
            lock (_account.Gate)
            {
                return _account.Snapshot();
            }
        }
    }

    /// <summary>Outgoing events with their attempts, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _sender.Deliveries;

    /// <summary>Starts the server.</summary>
    public static async Task<ICimsSandbox> StartAsync(ICimsOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new ICimsSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>A new person completes an application; fires <c>AssessmentEvent</c>. Returns the id of the recruiting workflow.</summary>
    public long Apply(ICimsPerson person, long jobId = ICimsSeeds.EngineerJobId) => Change(() => Apply(_account.AddPerson(person), jobId));

    /// <summary>The person of an earlier workflow completes another application. Returns the id of its workflow.</summary>
    /// <exception cref="InvalidOperationException">The person has a workflow for this job: there is one for each pair.</exception>
    public long ApplyAgain(long workflowId, long jobId) => Change(() => Apply(_account.Find(workflowId).Person, jobId));

    /// <summary>A recruiter sets the status of a workflow by its value; fires <c>WorkFlowStatusChangeEvent</c>.</summary>
    public void Move(long workflowId, string status) => Change(() =>
    {
        Workflow workflow = _account.Find(workflowId);
        ICimsListItem before = workflow.Status;
        ICimsListItem to = _options.Statuses.FirstOrDefault(s => s.Value == status) ?? throw new KeyNotFoundException($"There is no status '{status}'.");
        if (_account.Move(workflow, to, overHttp: false))
        {
            _events.Moved(workflow, before, ICimsSeeds.RecruiterId);
        }

        return true;
    });

    /// <summary>Registers an Integration URL on a loopback address.</summary>
    /// <param name="url">Receiver.</param>
    /// <param name="events">Event types to send; null or empty means all.</param>
    public WebhookTarget AddReceiver(Uri url, IEnumerable<string>? events = null) =>
        Loopback.Holds(url) ? _sender.AddTarget(url, "", events ?? [])
            : throw new ArgumentException($"'{url}' is not a loopback URL, and the sandbox sends nowhere else.", nameof(url));

    /// <summary>Completes when every event is delivered, given up, or waits for its retry.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken = default) => _sender.WhenQuietAsync(cancellationToken);

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<ICimsSnapshot> WhenAsync(Func<ICimsSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server and gives up the events still waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _sender.DisposeAsync();
    }

    private long Apply(Person person, long jobId)
    {
        Job job = _account.Jobs.GetValueOrDefault(jobId) ?? throw new KeyNotFoundException($"There is no job {jobId}.");
        Workflow workflow = _account.AddWorkflow(person, job, _options.Statuses[0], "Career Portal")
            ?? throw new InvalidOperationException($"Person {person.Id} has a workflow for job {jobId}.");
        _events.Applied(workflow);
        return workflow.Id;
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
        "/oauth/token" => _tokens.Handle(request),
        string path when path.StartsWith(CustomerApi.Prefix, StringComparison.Ordinal) => _api.Handle(request),
        _ => ICimsError.Answer(404, "Resource not found", 2, null),
    });
}
