using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Certificates;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>
/// A strict local stand-in for ADP Workforce Now's recruiting, from what its documentation and clients show. It speaks TLS only, with a
/// certificate of an authority that is made at the start, and wants a client certificate of the same authority with every call. State is in
/// memory. Safe from any thread.
/// </summary>
/// <remarks>
/// Its part of <c>/_sandbox/…</c>, for which no certificate is wanted, beside that of <see cref="ControlApi"/>: <c>POST applications</c>
/// <c>{"name","email"?,"phone"?,"requisition"?}</c>, <c>POST applications/{id}/move</c> <c>{"status"}</c>, <c>GET state</c>.
/// </remarks>
public sealed class AdpSandbox : IAsyncDisposable
{
    private readonly AdpOptions _options;
    private readonly Lock _gate = new();
    private readonly List<Application> _applications = [];
    private readonly List<string> _packages;
    private readonly Dictionary<string, int> _dayReads = [];
    private readonly EventQueue _queue;
    private readonly Gate _access;
    private readonly StaffingApi _staffing;
    private readonly ScreeningEvents _events;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private AdpSandbox(AdpOptions options)
    {
        _options = options;
        _packages = [.. options.Packages];
        _queue = new EventQueue(options);
        _access = new Gate(options, Authority);
        _staffing = new StaffingApi(options, _applications, day => _dayReads[day] = _dayReads.GetValueOrDefault(day) + 1);
        _events = new ScreeningEvents(options, _applications, _packages);
        _control = new ControlApi(options.Time, null,
        [
            ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
            ControlRoute.Of("POST", "applications/*/move", (id, body) => Moved(id, ControlBody.Text(body, "status"))),
            ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, new JsonObject { ["applications"] = new JsonArray([.. State.Applications.Select(Shown)]) })),
        ]);
    }

    /// <summary>Scheme, host and port: the base URL of the API.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>Where tokens are given.</summary>
    public Uri TokenUrl => new(BaseUrl, Gate.TokenPath);

    /// <summary>Who issued the server's certificate, and has to have issued those of clients.</summary>
    public SandboxAuthority Authority { get; } = new("ADP sandbox authority");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The account as it is now.</summary>
    public AdpSnapshot State
    {
        get
        {
            lock (_gate)
            {
                return new AdpSnapshot(
                    [.. _applications.Select(a => new AdpApplicationView(a.Id, a.PersonId, a.Requisition.ClientRequisitionId, a.Status, [.. a.Assessments]))],
                    [.. _packages], _queue.Count, _queue.Held > 0, _queue.Empty, new Dictionary<string, int>(_dayReads));
            }
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<AdpSandbox> StartAsync(AdpOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new AdpSandbox(options);
        var tls = new SandboxTls(sandbox.Authority.IssueServer().Certificate, options.RefusesInHandshake ? sandbox.Authority.Accepts : null);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.ServeAsync, sandbox._control, cancellationToken, tls);
        return sandbox;
    }

    /// <summary>A person applies. Returns the id of the application.</summary>
    public string Apply(AdpPerson person, string requisition = AdpSeeds.EngineerRequisition) =>
        Change(() => Add(string.Create(CultureInfo.InvariantCulture, $"G3{_applications.Count + 1:0000000000000}"), person, requisition));

    /// <summary>The person of an earlier application applies again. Returns the id of the application.</summary>
    public string ApplyAgain(string applicationId, string requisition) => Change(() => Add(Find(applicationId).PersonId, Find(applicationId).Person, requisition));

    /// <summary>A recruiter gives an application another status, which is announced in the queue.</summary>
    public void Move(string applicationId, string status) => MoveTogether((applicationId, status));

    /// <summary>Several applications get another status, of which one message tells.</summary>
    public void MoveTogether(params IReadOnlyList<(string ApplicationId, string Status)> moves) => Change(() =>
    {
        _queue.Add([.. moves.Select(m => Moving(m.ApplicationId, m.Status))]);
        return true;
    });

    /// <summary>Something happens that the queue announces, under any name.</summary>
    public void Announce(string name, JsonObject eventContext, JsonObject output) => Change(() =>
    {
        _queue.Add(_queue.Event(name, eventContext, output));
        return true;
    });

    /// <summary>Ends every access token before its time.</summary>
    public void EndTokens() => Change(() =>
    {
        _access.End();
        return true;
    });

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<AdpSnapshot> WhenAsync(Func<AdpSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Authority.Dispose();
    }

    private string Add(string personId, AdpPerson person, string requisition)
    {
        AdpRequisition job = _options.Requisitions.FirstOrDefault(r => r.ClientRequisitionId == requisition) ?? throw new KeyNotFoundException($"There is no requisition '{requisition}'.");
        var application = new Application(
            string.Create(CultureInfo.InvariantCulture, $"{169_744_662_286 + _applications.Count}_1"), personId, person, job, _options.Statuses[0], _options.Time.GetUtcNow(), _options.UtcOffset);
        _applications.Add(application);
        return application.Id;
    }

    private JsonObject Moving(string applicationId, string status)
    {
        Application application = Find(applicationId);
        application.Move(_options.Statuses.FirstOrDefault(s => s == status) ?? throw new KeyNotFoundException($"There is no status '{status}'."), _options.Time.GetUtcNow());
        return _queue.Event(
            _options.StatusEvent,
            new JsonObject { ["jobApplication"] = new JsonObject { ["itemID"] = applicationId } },
            new JsonObject { ["jobApplication"] = new JsonObject { ["itemID"] = applicationId, ["applicationStatusCode"] = application.StatusCode() } });
    }

    private Application Find(string id) => _applications.Find(a => a.Id == id) ?? throw new KeyNotFoundException($"There is no application '{id}'.");

    private T Change<T>(Func<T> work)
    {
        T result;
        lock (_gate)
        {
            result = work();
        }

        _pulse.Beat();
        return result;
    }

    private async Task<Answer> ServeAsync(SandboxRequest request, CancellationToken cancel)
    {
        if (request is { Method: "GET", Path: EventQueue.Path } && EventQueue.Waits(request))
        {
            Change(() =>
            {
                _access.Check(request);
                return true;
            });
            await HoldAsync(cancel);
            return Change(_queue.Head);
        }

        return Change(() => Serve(request));
    }

    private async Task HoldAsync(CancellationToken cancel)
    {
        using var enough = new CancellationTokenSource(_options.LongPoll, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancel);
        Change(() => _queue.Held++);
        try
        {
            await _pulse.WhenAsync(() => State.Queued, queued => queued > 0, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Held for as long as it is held: the answer is that nothing came.
        }
        finally
        {
            Change(() => _queue.Held--);
        }
    }

    private Answer Serve(SandboxRequest request)
    {
        if (request.Path == Gate.TokenPath)
        {
            return _access.Token(request);
        }

        _access.Check(request);
        return request.Path switch
        {
            StaffingApi.Path when request.Method == "GET" => _staffing.Get(request, null),
            var path when request.Method == "GET" && path.StartsWith(StaffingApi.Path + '/', StringComparison.Ordinal) => _staffing.Get(request, path[(StaffingApi.Path.Length + 1)..]),
            EventQueue.Path when request.Method == "GET" => _queue.Head(),
            var path when request.Method == "DELETE" && path.StartsWith(EventQueue.Path + '/', StringComparison.Ordinal) => _queue.Delete(request, path[(EventQueue.Path.Length + 1)..]),
            var path when request.Method == "POST" && path.StartsWith(ScreeningEvents.Prefix, StringComparison.Ordinal) => _events.Post(request, path[ScreeningEvents.Prefix.Length..]),
            _ => ConfirmMessage.Of(request, _options.Time, 404, "Not Found"),
        };
    }

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "requisition");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        var person = new AdpPerson(space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..], ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone"));
        return Answer.Json(201, new JsonObject { ["application_id"] = Apply(person, ControlBody.OptionalText(body, "requisition") ?? AdpSeeds.EngineerRequisition) });
    }

    private Answer Moved(string id, string status)
    {
        Move(id, status);
        return Answer.Json(200, Shown(State.Application(id)));
    }

    private static JsonObject Shown(AdpApplicationView application) => new()
    {
        ["id"] = application.Id,
        ["requisition"] = application.ClientRequisitionId,
        ["status"] = application.Status,
        ["assessments"] = new JsonArray([.. application.Assessments.Select(a => new JsonObject { ["package"] = a.PackageId, ["status"] = a.StatusCode, ["text"] = a.StatusName, ["link"] = a.ResultsLink })]),
    };
}
