using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Lever.Api;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Lever;

/// <summary>
/// A strict local stand-in for Lever: the Data API under <see cref="ApiUrl"/>, the authorization server at <see cref="TokenUrl"/> and outgoing
/// webhooks, from the vendor's documentation. It refuses what the vendor refuses. State is in memory. Safe from any thread.
/// </summary>
/// <remarks>The control API is described on <see cref="LeverControl"/> and <see cref="ControlApi"/>.</remarks>
public sealed class LeverSandbox : IAsyncDisposable
{
    private readonly Account _account;
    private readonly LeverHooks _hooks;
    private readonly TokenDesk _tokens;
    private readonly LeverApi _api;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private LeverSandbox(LeverOptions options)
    {
        _account = new Account(options);
        _hooks = new LeverHooks(_account);
        _tokens = new TokenDesk(_account, () => $"{ApiUrl}/");
        _api = new LeverApi(_account, _tokens, _hooks);
        _control = new ControlApi(options.Time, _hooks.Sender, new LeverControl(this).Routes);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The base URL of the API, without a slash at the end; the audience has one.</summary>
    public Uri ApiUrl => new(BaseUrl, "/v1");

    /// <summary>The token URL.</summary>
    public Uri TokenUrl => new(BaseUrl, "/oauth/token");

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>Outgoing webhooks with their attempts, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _hooks.Sender.Deliveries;

    /// <summary>The account as it is now.</summary>
    public LeverSnapshot State
    {
        get
        {
            lock (_account.Gate)
            {
                return new([.. _account.Opportunities.Select(View)], [.. _account.Moves], _account.TokensIssued);
            }
        }
    }

    /// <summary>Starts the server.</summary>
    public static async Task<LeverSandbox> StartAsync(LeverOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new LeverSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>Adds a person and an opportunity in the stage of new applicants; fires <c>applicationCreated</c>. Returns the opportunity's id.</summary>
    public string Apply(LeverCandidate person, string postingId = LeverSeeds.EngineerPostingId) => Create(person, postingId, null);

    /// <summary>Another opportunity of the person of an earlier one; fires <c>applicationCreated</c>. Returns its id.</summary>
    public string ApplyAgain(string opportunityId, string postingId) => Change(() =>
    {
        Contact contact = Find(opportunityId).Contact;
        return Create(contact.Person, postingId, contact);
    });

    /// <summary>Moves an opportunity to the stage of this name; fires <c>candidateStageChange</c>.</summary>
    public void MoveStage(string opportunityId, string stage) => Change(() =>
    {
        string? to = LeverSeeds.Stages.Where(s => s.Text == stage).Select(s => s.Id).FirstOrDefault();
        _hooks.Move(Find(opportunityId), to ?? throw new KeyNotFoundException($"There is no stage '{stage}'."), overHttp: false);
        return true;
    });

    /// <summary>Archives an opportunity for a reason, or takes it back (null); fires <c>candidateArchiveChange</c>, and <c>candidateHired</c> for the reason "Hired".</summary>
    public void Archive(string opportunityId, string? reasonId) => Change(() =>
    {
        _hooks.Archive(Find(opportunityId), reasonId);
        return true;
    });

    /// <summary>Registers a receiver on a loopback URL, as the web application does: one signature token for these events.</summary>
    /// <param name="url">Receiver.</param>
    /// <param name="signatureToken">Key of the signature; empty when none was generated, then deliveries carry no signature.</param>
    /// <param name="events">Events to send; null means all.</param>
    public WebhookTarget AddWebhook(Uri url, string signatureToken, IEnumerable<string>? events = null)
    {
        if (!Loopback.Holds(url))
        {
            throw new ArgumentException($"'{url}' is not a loopback URL, and the sandbox sends nowhere else.", nameof(url));
        }

        string[] chosen = [.. events ?? []];
        return chosen.Except(LeverHooks.Events).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"There is no event '{unknown}'.", nameof(events))
            : _hooks.Add(url, signatureToken, chosen);
    }

    /// <summary>Sends the test delivery, whose data are empty. The webhook is kept whatever the receiver answers.</summary>
    /// <returns>True when the receiver took it.</returns>
    public Task<bool> TestWebhookAsync(WebhookTarget target, CancellationToken cancellationToken = default) => _hooks.TestAsync(target, cancellationToken);

    /// <summary>Completes when every webhook is delivered, given up, or waits for its retry.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken = default) => _hooks.Sender.WhenQuietAsync(cancellationToken);

    /// <summary>Completes with the first state that satisfies the condition.</summary>
    public Task<LeverSnapshot> WhenAsync(Func<LeverSnapshot, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => State, condition, cancellationToken);

    /// <summary>Stops the server and gives up the webhooks still waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _hooks.DisposeAsync();
    }

    private string Create(LeverCandidate person, string postingId, Contact? contact) => Change(() =>
    {
        Opportunity opportunity = _account.Create(person, postingId, contact);
        _hooks.Applied(opportunity);
        return opportunity.Id;
    });

    private Opportunity Find(string id) => _account.Find(id) ?? throw new KeyNotFoundException($"There is no opportunity '{id}'.");

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
        "/oauth/token" => _tokens.Issue(request),
        "/authorize" => _tokens.Authorize(request),
        string path when path.StartsWith(LeverApi.Prefix, StringComparison.Ordinal) => _api.Handle(request),
        _ => LeverAnswer.Error(404, "ResourceNotFound", $"{request.Path} was not found"),
    });

    private static LeverOpportunityView View(Opportunity o) => new(
        o.Id, o.ApplicationId, o.Contact.Id, o.Posting.Id, LeverSeeds.Stages.First(s => s.Id == o.StageId).Text, o.Archived?.Reason,
        [.. o.Tags], [.. o.Contact.Links],
        [.. o.Notes.Select(n => new LeverNoteView(n.Id, n.UserId, n.Value, n.Secret))],
        [.. o.Feedback.Select(f => new LeverFeedbackView(f.Id, f.UserId, f.Values.ToDictionary(v => v.Key, v => v.Value), f.CompletedAt is null))]);
}
