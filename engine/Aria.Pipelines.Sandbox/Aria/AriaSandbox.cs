using Aria.Pipelines.Sandbox.Control;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>
/// A strict local stand-in for ARIA: interviews and webhooks under <see cref="ApiUrl"/>, tokens at <see cref="TokenUrl"/>, and outgoing webhooks.
/// State is in memory. Safe from any thread.
/// </summary>
/// <remarks>The control API is described on <see cref="AriaControl"/> and <see cref="ControlApi"/>.</remarks>
public sealed class AriaSandbox : IAsyncDisposable
{
    private const string Prefix = "/v1/";
    private readonly WebhookSender _webhooks;
    private readonly InterviewBook _book;
    private readonly InterviewApi _interviews;
    private readonly WebhookApi _webhookApi;
    private readonly TokenDesk _tokens;
    private readonly RollingWindow _window;
    private readonly ControlApi _control;
    private readonly Pulse _pulse = new();
    private SandboxServer? _server;

    private AriaSandbox(AriaOptions options)
    {
        _webhooks = new WebhookSender(WebhookApi.Rules(options.SignaturePrefix), options.Time);
        _book = new InterviewBook(options, _webhooks);
        _interviews = new InterviewApi(options, _book);
        _webhookApi = new WebhookApi(_webhooks);
        _tokens = new TokenDesk(options);
        _window = new RollingWindow(options.Time, options.RateLimit, TimeSpan.FromHours(1));
        _control = new ControlApi(options.Time, _webhooks, new AriaControl(this).Routes);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl => _server!.BaseUrl;

    /// <summary>The API's base URL, without a slash at the end.</summary>
    public Uri ApiUrl => new(BaseUrl, "/v1");

    /// <summary>Where a client gets tokens.</summary>
    public Uri TokenUrl => new(BaseUrl, TokenDesk.Path);

    /// <summary>Faults for coming requests.</summary>
    public FaultList Faults => _control.Faults;

    /// <summary>Requests received.</summary>
    public RequestLog Requests => _control.Requests;

    /// <summary>All interviews in order of creation.</summary>
    public IReadOnlyList<AriaInterview> Interviews => Locked(() => _book.All);

    /// <summary>Invitations created; a repetition with the same idempotency key does not count.</summary>
    public int InvitationsCreated => Locked(() => _book.Created);

    /// <summary>Creations answered again from an idempotency key.</summary>
    public int InvitationsRepeated => Locked(() => _interviews.Repeated);

    /// <summary>Tokens given out.</summary>
    public int TokensIssued => Locked(() => _tokens.Issued);

    /// <summary>Outgoing webhooks with their attempts, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _webhooks.Deliveries;

    /// <summary>Webhooks neither delivered nor given up.</summary>
    public int PendingDeliveries => _webhooks.Pending;

    /// <summary>Starts the server.</summary>
    public static async Task<AriaSandbox> StartAsync(AriaOptions options, CancellationToken cancellationToken = default)
    {
        var sandbox = new AriaSandbox(options);
        sandbox._server = await SandboxServer.StartAsync(options.Url, options.Time, sandbox.Serve, sandbox._control, cancellationToken);
        return sandbox;
    }

    /// <summary>Adds a receiver of webhooks with a secret of the caller's choice; null or no events means all.</summary>
    public WebhookTarget AddWebhook(Uri url, string secret, IEnumerable<string>? events = null)
    {
        if (!Loopback.Holds(url))
        {
            throw new ArgumentException($"'{url}' is not a loopback URL, and the sandbox sends nowhere else.", nameof(url));
        }

        string[] chosen = [.. events ?? []];
        return chosen.Except(AriaEvents.All).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"ARIA sends no event '{unknown}'. It sends: {string.Join(", ", AriaEvents.All)}.", nameof(events))
            : _webhooks.AddTarget(url, secret, chosen);
    }

    /// <summary>The candidate begins. Only an invited interview can start.</summary>
    public AriaInterview Start(string interviewId, AriaAnnouncement? announcement = null) =>
        Change(() => _book.Start(interviewId, announcement ?? AriaAnnouncement.Once));

    /// <summary>The interview gets its result. It may be invited or started.</summary>
    public AriaInterview Complete(string interviewId, AriaResult result, AriaAnnouncement? announcement = null) =>
        Change(() => _book.Complete(interviewId, result, announcement ?? AriaAnnouncement.Once));

    /// <summary>The candidate does not come. Only an invited interview can become a no-show.</summary>
    public AriaInterview NoShow(string interviewId, AriaAnnouncement? announcement = null) =>
        Change(() => _book.NoShow(interviewId, announcement ?? AriaAnnouncement.Once));

    /// <summary>Ends every token before its time.</summary>
    public void RevokeTokens() => Change(() =>
    {
        _tokens.Revoke();
        return true;
    });

    /// <summary>Completes when every webhook is delivered, given up, or waits for its retry.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken = default) => _webhooks.WhenQuietAsync(cancellationToken);

    /// <summary>Completes with the first list of interviews that satisfies the condition.</summary>
    public Task<IReadOnlyList<AriaInterview>> WhenAsync(Func<IReadOnlyList<AriaInterview>, bool> condition, CancellationToken cancellationToken = default) =>
        _pulse.WhenAsync(() => Interviews, condition, cancellationToken);

    /// <summary>Stops the server and gives up the webhooks still waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _webhooks.DisposeAsync();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_book.Gate)
        {
            return read();
        }
    }

    private T Change<T>(Func<T> work) => Locked(() =>
    {
        T result = work();
        _pulse.Beat();
        return result;
    });

    private Answer Serve(SandboxRequest request) => Change(() =>
    {
        if (request.Path == TokenDesk.Path)
        {
            return _tokens.Handle(request);
        }

        try
        {
            _tokens.Admit(request, request.Method == "GET" ? AriaScopes.Read : AriaScopes.Write);
        }
        catch (RefusedException refused)
        {
            return refused.Answer;
        }

        Allowance allowance = _window.Take();
        return allowance.Stamp(allowance.Allowed ? Routed(request) : AriaError.Of(429, "rate_limited", "Too many requests in the last hour."));
    });

    private Answer Routed(SandboxRequest request)
    {
        try
        {
            string[] path = request.Path.StartsWith(Prefix, StringComparison.Ordinal) ? request.Path[Prefix.Length..].Split('/') : [];
            return (request.Method, path) switch
            {
                ("POST", ["interviews"]) => _interviews.Create(request),
                ("GET", ["interviews"]) => _interviews.List(request),
                ("GET", ["interviews", string id]) => _interviews.Read(id),
                ("GET", ["webhooks"]) => _webhookApi.List(),
                ("POST", ["webhooks"]) => _webhookApi.Create(request),
                ("DELETE", ["webhooks", string id]) => _webhookApi.Delete(id),
                _ => AriaError.Of(404, "not_found", "There is nothing here."),
            };
        }
        catch (RefusedException refused)
        {
            return refused.Answer;
        }
    }
}
