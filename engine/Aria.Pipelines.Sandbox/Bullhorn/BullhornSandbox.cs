using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Access;
using Aria.Pipelines.Sandbox.Bullhorn.Api;
using Aria.Pipelines.Sandbox.Bullhorn.Records;
using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn;

/// <summary>
/// A strict local stand-in for Bullhorn's REST API, from the vendor's documentation: login, entities, queries, subscriptions to events.
/// State is in memory. Safe from any thread.
/// </summary>
/// <remarks>
/// Its part of <c>/_sandbox/…</c> beside that of <see cref="ControlApi"/>: <c>POST applications</c> <c>{"name","email"?,"phone"?,"job_id"?}</c>,
/// <c>POST applications/{id}/move</c> <c>{"stage"}</c>, <c>POST sessions/end</c>, <c>GET state</c>.
/// </remarks>
public sealed class BullhornSandbox : IAsyncDisposable
{
    private readonly BullhornOptions _options;
    private readonly Lock _gate = new();
    private readonly RecordBook _book;
    private readonly LoginApi _logins;
    private readonly EventApi _events;
    private readonly RestApi _api;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private BullhornSandbox(BullhornOptions options)
    {
        _options = options;
        _book = new RecordBook(options);
        _logins = new LoginApi(options);
        _events = new EventApi(options, _book);
        _api = new RestApi(options, _logins, _book, _events);
        _control = new ControlApi(options.Time, null,
        [
            ControlRoute.Of("POST", "applications", (_, body) => Apply(body)),
            ControlRoute.Of("POST", "applications/*/move", (id, body) => Move(id, ControlBody.Text(body, "stage"))),
            ControlRoute.Of("POST", "sessions/end", (_, _) => Ended()),
            ControlRoute.Of("GET", "state", (_, _) => Answer.Json(200, Shown(State))),
        ]);
        Seed();
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>Where logging in begins, without a slash at the end.</summary>
    public Uri RestUrl => new(BaseUrl, "/rest-services");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>The account as it is now.</summary>
    public BullhornSnapshot State
    {
        get
        {
            lock (_gate)
            {
                return new BullhornSnapshot([.. _book.Of(EntityType.JobSubmission).Select(View)], [.. _book.Of(EntityType.Note).Select(Note)], _logins.Sessions, _logins.Logins, _events.EmptyReads);
            }
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<BullhornSandbox> StartAsync(BullhornOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new BullhornSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>A person applies through the career site. Returns the id of the submission.</summary>
    public long Apply(BullhornCandidate candidate, long jobId = BullhornSeeds.EngineerJobId) => Change(() => Submit(AddCandidate(candidate), jobId, _options.Statuses[0]));

    /// <summary>The person of an earlier submission applies again. Returns the id of the submission.</summary>
    public long ApplyAgain(long submissionId, long jobId) => Change(() => Submit(Find(submissionId).To("candidate")!.Value, jobId, _options.Statuses[0]));

    /// <summary>A recruiter puts somebody forward, with a status of the recruiter's choice. Returns the id of the submission.</summary>
    public long Submit(BullhornCandidate candidate, string status, long jobId = BullhornSeeds.EngineerJobId) => Change(() => Submit(AddCandidate(candidate), jobId, Known(status)));

    /// <summary>A recruiter sets the status of a submission.</summary>
    public void Move(long submissionId, string status) => Set(submissionId, "status", Known(status));

    /// <summary>A recruiter sets a text of a submission.</summary>
    public void Set(long submissionId, string field, string value) => Change(() =>
    {
        _book.Update(Find(submissionId), new JsonObject { [field] = value }, BullhornSeeds.RecruiterId);
        return submissionId;
    });

    /// <summary>Ends all sessions and access tokens, as a maintenance of the vendor does.</summary>
    public void EndSessions() => Change(() =>
    {
        _logins.EndAll();
        return 0;
    });

    /// <summary>Makes all refresh tokens void.</summary>
    public void ForgetRefreshTokens() => Change(() =>
    {
        _logins.ForgetRefreshTokens();
        return 0;
    });

    /// <summary>Forgets a subscription with what it holds, as after 30 days without a reading.</summary>
    public void ForgetSubscription(string id) => Change(() =>
    {
        _events.Forget(id);
        return 0;
    });

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<BullhornSnapshot> WhenAsync(Func<BullhornSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private void Seed()
    {
        _book.Add(EntityType.CorporateUser, new JsonObject { ["firstName"] = "Api", ["lastName"] = "User" }, BullhornSeeds.ApiUserId, BullhornSeeds.ApiUserId);
        _book.Add(EntityType.CorporateUser, new JsonObject { ["firstName"] = "Hugo", ["lastName"] = "Demo" }, BullhornSeeds.RecruiterId, BullhornSeeds.RecruiterId);
        foreach (BullhornJob job in _options.Jobs)
        {
            _book.Add(EntityType.JobOrder, new JsonObject { ["title"] = job.Title, ["externalID"] = job.ExternalId, ["isOpen"] = true }, BullhornSeeds.RecruiterId, job.Id);
        }
    }

    private long AddCandidate(BullhornCandidate candidate) => _book.Add(EntityType.Candidate, new JsonObject
    {
        ["firstName"] = candidate.FirstName,
        ["lastName"] = candidate.LastName,
        ["name"] = $"{candidate.FirstName} {candidate.LastName}".Trim(),
        ["email"] = candidate.Email,
        ["mobile"] = candidate.Mobile,
    }, BullhornSeeds.RecruiterId).Id;

    private long Submit(long candidateId, long jobId, string status)
    {
        if (_book.Find("JobOrder", jobId) is null)
        {
            throw new KeyNotFoundException($"There is no job {jobId}.");
        }
        var values = new JsonObject
        {
            ["candidate"] = new JsonObject { ["id"] = candidateId },
            ["jobOrder"] = new JsonObject { ["id"] = jobId },
            ["sendingUser"] = new JsonObject { ["id"] = BullhornSeeds.RecruiterId },
            ["status"] = status,
            ["source"] = status == _options.Statuses[0] ? "Web" : null,
            ["dateWebResponse"] = status == _options.Statuses[0] ? _options.Time.GetUtcNow().ToUnixTimeMilliseconds() : null,
        };
        return _book.Add(EntityType.JobSubmission, values, BullhornSeeds.RecruiterId).Id;
    }

    private Record Find(long id) => _book.Find("JobSubmission", id) ?? throw new KeyNotFoundException($"There is no submission {id}.");

    private string Known(string status) => _options.Statuses.Contains(status) ? status : throw new KeyNotFoundException($"There is no status '{status}'.");

    private T Change<T>(Func<T> work)
    {
        lock (_gate)
        {
            T result = work();
            _pulse.Beat();
            return result;
        }
    }

    private Answer Serve(SandboxRequest request) => Change(() =>
        request.Path.StartsWith(_api.Prefix, StringComparison.Ordinal) ? _api.Handle(request)
        : request.Path.StartsWith(LoginApi.OAuth, StringComparison.Ordinal) || request.Path is LoginApi.Info or LoginApi.Login ? _logins.Handle(request)
        : Refusal.Of(404, "Not found."));

    private Answer Apply(JsonObject body)
    {
        ControlBody.Only(body, "name", "email", "phone", "job_id");
        string name = ControlBody.Text(body, "name");
        int space = name.LastIndexOf(' ');
        var person = new BullhornCandidate(space < 0 ? name : name[..space], space < 0 ? "" : name[(space + 1)..], ControlBody.OptionalText(body, "email"), ControlBody.OptionalText(body, "phone"));
        return Answer.Json(201, new JsonObject { ["application_id"] = Apply(person, ControlBody.OptionalWhole(body, "job_id") ?? BullhornSeeds.EngineerJobId) });
    }

    private Answer Move(string id, string stage)
    {
        long number = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : throw new KeyNotFoundException($"There is no submission '{id}'.");
        Move(number, stage);
        return Answer.Json(200, Shown(State.Submission(number)));
    }

    private Answer Ended()
    {
        EndSessions();
        return Answer.Empty(204);
    }

    private static BullhornSubmissionView View(Record record)
    {
        string[] own = ["id", "candidate", "jobOrder", "sendingUser", "status", "dateAdded"];
        var fields = record.Values.Where(v => !own.Contains(v.Key) && v.Value is not null).ToDictionary(v => v.Key, v => v.Value!.ToString());
        return new BullhornSubmissionView(record.Id, record.To("candidate")!.Value, record.To("jobOrder")!.Value, record.Text("status")!, SandboxJson.Whole(record.Values["dateAdded"])!.Value, fields);
    }

    private static BullhornNoteView Note(Record record) =>
        new(record.Id, record.Text("action") ?? "", record.Text("comments")!, record.To("personReference")!.Value, record.To("jobOrder"), record.Text("externalID"));

    private static JsonObject Shown(BullhornSnapshot state) => new()
    {
        ["applications"] = new JsonArray([.. state.Submissions.Select(Shown)]),
        ["notes"] = new JsonArray([.. state.Notes.Select(n => new JsonObject { ["id"] = n.Id, ["action"] = n.Action, ["comments"] = n.Comments, ["candidate_id"] = n.CandidateId, ["job_id"] = n.JobId })]),
    };

    private static JsonObject Shown(BullhornSubmissionView submission) => new()
    {
        ["id"] = submission.Id,
        ["job_id"] = submission.JobId,
        ["stage"] = submission.Status,
        ["fields"] = new JsonObject(submission.Fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
    };
}
