using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Adp;
using Aria.Pipelines.Sandbox.Certificates;

namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>ADP Workforce Now: its queue is asked over mutual TLS, and a result is the status of an external assessment.</summary>
internal sealed class AdpDemo : DemoSystem
{
    public const string Connector = "adp";
    private const string ResultPackage = "ARIA_INTERVIEW";
    private const string NotePackage = "ARIA_NOTE";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private readonly AdpSandbox _sandbox;
    private readonly SandboxCertificate _client;
    private readonly DemoClock _clock;

    private AdpDemo(AdpSandbox sandbox, DemoClock clock)
    {
        (_sandbox, _clock) = (sandbox, clock);
        _client = sandbox.Authority.IssueClient("ARIA");
    }

    public override string Name => Connector;

    public override string Title => "ADP Workforce Now";

    public override Uri BaseUrl => _sandbox.BaseUrl;

    public override JsonObject Settings => new()
    {
        ["baseUrl"] = _sandbox.BaseUrl.ToString().TrimEnd('/'),
        ["tokenUrl"] = _sandbox.TokenUrl.ToString(),
        ["appliedInterval"] = "5s",
    };

    public override IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string>
    {
        ["adp-client-id"] = new AdpOptions().ClientId,
        ["adp-client-secret"] = new AdpOptions().ClientSecret,
        ["adp-certificate"] = _client.Pem,
        ["adp-certificate-key"] = _client.KeyPem,
        [Trust] = _sandbox.Authority.Pem,
    };

    public override string Trust => "adp-authority";

    public override SandboxAuthority Authority => _sandbox.Authority;

    public override IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["status"] = $"assessment {ResultPackage}: status",
        ["score"] = "text beside the status",
        ["recommendation"] = "text beside the status",
        ["transcript"] = "results link",
        ["recording"] = "nowhere",
        ["needs attention"] = $"assessment {NotePackage}",
    };

    public override IReadOnlyList<DemoHolding> Holdings => Held(_sandbox.State);

    /// <summary>The stand-in keeps every status that an assessment was given, also one that says nothing new.</summary>
    public override int Duplicates => _sandbox.State.Applications.Sum(a => a.Assessments.GroupBy(s => s).Sum(g => g.Count() - 1));

    public static async Task<DemoSystem> StartAsync(DemoClock clock, CancellationToken cancellationToken) => new AdpDemo(
        await AdpSandbox.StartAsync(
            new AdpOptions { Time = clock, Requisitions = [.. DemoScenario.Jobs.Select(j => new AdpRequisition(j.Id.ToString(CultureInfo.InvariantCulture), j.Name))] }, cancellationToken),
        clock);

    /// <summary>Nothing is sent; but applications that were there before the host first asked are no news.</summary>
    public override Task ConnectAsync(Uri hook, CancellationToken cancellationToken) => WhenQuietAsync(cancellationToken);

    public override string Apply(DemoApplication application, string? earlier)
    {
        string requisition = application.JobId.ToString(CultureInfo.InvariantCulture);
        return earlier is not null
            ? _sandbox.ApplyAgain(earlier, requisition)
            : _sandbox.Apply(new AdpPerson(application.First, application.Last, application.Email, application.Phone), requisition);
    }

    public override void Move(string applicationId, string stage) => _sandbox.Move(applicationId, stage);

    /// <summary>
    /// Lets the time to the next questions pass until the applications of this day were read twice (the first reading may have been on its way before
    /// the change), and nothing is left in the queue that somebody waits at.
    /// </summary>
    public override async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        string today = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        AdpSnapshot before = _sandbox.State;
        int enough = before.DayReads.GetValueOrDefault(today) + 2;
        bool IsQuiet(AdpSnapshot state) => state.DayReads.GetValueOrDefault(today) >= enough && state.Queued == 0 && (state.IsWaitedFor || state.Empty > before.Empty);
        while (!IsQuiet(_sandbox.State))
        {
            _clock.Advance(Interval);
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            moment.CancelAfter(Moment);
            int read = _sandbox.State.DayReads.GetValueOrDefault(today);
            Task asked = _sandbox.WhenAsync(state => IsQuiet(state) || (state.DayReads.GetValueOrDefault(today) > read && state.DayReads.GetValueOrDefault(today) < enough), moment.Token);
            await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public override Task WhenAsync(Func<IReadOnlyList<DemoHolding>, bool> condition, CancellationToken cancellationToken) =>
        _sandbox.WhenAsync(state => condition(Held(state)), cancellationToken);

    public override ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static List<DemoHolding> Held(AdpSnapshot state) =>
        [.. state.Applications.Select(a =>
        {
            AdpAssessmentView? result = a.Latest(ResultPackage);
            string[] words = result?.StatusName?.Split(": ") is [_, var said] ? said.Split(", ") : [];
            return new DemoHolding(
                a.Id,
                result?.StatusCode.ToLowerInvariant().Replace('-', '_'),
                Array.Find(words, w => w.EndsWith(" of 10", StringComparison.Ordinal))?.Split(' ')[0],
                Array.Find(words, w => !w.EndsWith(" of 10", StringComparison.Ordinal))?.ToLowerInvariant(),
                result?.ResultsLink,
                a.Assessments.Count(s => s.PackageId == NotePackage));
        })];
}
