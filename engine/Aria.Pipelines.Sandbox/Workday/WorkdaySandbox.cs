using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Workday.Access;
using Aria.Pipelines.Sandbox.Workday.Records;
using Aria.Pipelines.Sandbox.Workday.Reports;
using Aria.Pipelines.Sandbox.Workday.Soap;

namespace Aria.Pipelines.Sandbox.Workday;

/// <summary>
/// A strict local stand-in for a Workday tenant: the web service Recruiting (v26.1 and v31.2), OAuth tokens and one report as a service, from
/// published outlines of the vendor's schema. It refuses what the schema and the vendor's rules refuse, with SOAP faults. There are no webhooks.
/// State is in memory. Safe from any thread.
/// </summary>
/// <remarks>The control API is described on <see cref="WorkdayControl"/> and <see cref="ControlApi"/>.</remarks>
public sealed class WorkdaySandbox : IAsyncDisposable
{
    private readonly Tenant _tenant;
    private readonly TokenDesk _tokens;
    private readonly RecruitingService _recruiting;
    private readonly ReportService _reports;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private WorkdaySandbox(WorkdayOptions options)
    {
        _tenant = new Tenant(options);
        _tokens = new TokenDesk(_tenant);
        var login = new Login(options, _tokens);
        _recruiting = new RecruitingService(_tenant, login);
        _reports = new ReportService(_tenant, login);
        _control = new ControlApi(options.Time, null, new WorkdayControl(this).Routes);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received; passwords are left out.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The tenant as it is now.</summary>
    public WorkdaySnapshot State
    {
        get
        {
            lock (_tenant.Gate)
            {
                return _tenant.Snapshot();
            }
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<WorkdaySandbox> StartAsync(WorkdayOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new WorkdaySandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>Adds a candidate and an application in the requisition's first step. Returns the <c>Job_Application_ID</c>.</summary>
    public string Apply(WorkdayPerson person, string requisitionId = WorkdaySeeds.EngineerRequisition) =>
        Change(() => _tenant.Apply(_tenant.Add(person), requisitionId).Id);

    /// <summary>Adds another application of the person who made an earlier one. Returns its <c>Job_Application_ID</c>.</summary>
    public string ApplyAgain(string applicationId, string requisitionId) =>
        Change(() => _tenant.Apply(_tenant.Find(applicationId).Candidate, requisitionId).Id);

    /// <summary>Puts an application into a step of its requisition, as a recruiter does.</summary>
    public void MoveTo(string applicationId, string stepId) => Change(() =>
    {
        JobApplication application = _tenant.Find(applicationId);
        WorkdayStep step = application.Requisition.Steps.FirstOrDefault(s => s.Id == stepId)
            ?? throw new KeyNotFoundException($"Requisition {application.Requisition.Id} has no step '{stepId}'.");
        _tenant.Enter(application, step, overHttp: false);
        return true;
    });

    /// <summary>Ends an application without a hire.</summary>
    public void Dispose(string applicationId) => Change(() =>
    {
        _tenant.Enter(_tenant.Find(applicationId), WorkdaySeeds.Dispositions[0], overHttp: false);
        return true;
    });

    /// <summary>Ends every access token given out.</summary>
    public void RevokeTokens() => Change(() =>
    {
        _tokens.Revoke();
        return true;
    });

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<WorkdaySnapshot> WhenAsync(Func<WorkdaySnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server.</summary>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private T Change<T>(Func<T> work)
    {
        lock (_tenant.Gate)
        {
            T result = work();
            _pulse.Beat();
            return result;
        }
    }

    private Answer Serve(SandboxRequest request) => Change(() => request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["ccx", "oauth2", string tenant, "token"] when tenant == _tenant.Options.Tenant => _tokens.Handle(request),
        ["ccx", "service", "customreport2", string tenant, string owner, string report] when tenant == _tenant.Options.Tenant => _reports.Handle(request, owner, report),
        ["ccx", "service", string tenant, "Recruiting", string version] when tenant == _tenant.Options.Tenant => _recruiting.Handle(request, version),
        _ => Answer.Message(404, "Not found."),
    });
}
