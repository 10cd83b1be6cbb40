using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A rule about a result that is written to the system, while each of its requests in turn meets something.</summary>
internal abstract class WriteRule(string id, string title) : LiveRule(id, title)
{
    // A new login is one more request than what was counted with a warm one.
    private const int More = 2;

    protected virtual bool NeedsProxy => true;

    public override string? NotAbout(LiveSubject subject) => subject switch
    {
        { CanWrite: false } => "The connector writes no results.",
        { CanBreak: false } when NeedsProxy => "Its requests are encrypted, so nothing can be done to them on the way.",
        _ => null,
    };

    /// <summary>Writes a result once for each of its requests, doing something to that one.</summary>
    protected static async Task<IReadOnlyList<(string Request, string Id, RunDetail Run, string? Wrong, TimeSpan Took)>> EachRequestAsync(
        LiveSubject subject, ProxyFault fault, CancellationToken cancellationToken)
    {
        await using LocalEngine engine = await subject.OpenEngineAsync();
        subject.Requests.Begin();
        await subject.WriteAsync(engine, subject.Apply(), cancellationToken);
        int requests = subject.Requests.Lines.Count + More;
        var trials = new List<(string, string, RunDetail, string?, TimeSpan)>();
        for (int number = 0; number < requests; number++)
        {
            string application = subject.Apply();
            int duplicates = subject.Stand.Duplicates;
            subject.Requests.Begin(number, fault);
            DateTimeOffset started = subject.Stand.Time.GetUtcNow();
            RunDetail run = await subject.WriteAsync(engine, application, cancellationToken);
            if (subject.Requests.Lines.Count > number)
            {
                trials.Add((subject.Requests.Lines[number], application, run, subject.Wrong(run, application, duplicates), subject.Stand.Time.GetUtcNow() - started));
            }
        }
        return trials;
    }
}

/// <summary>The effect class is a promise about what may be done when nobody knows.</summary>
internal sealed class LostAnswerRule() : WriteRule("CB33", "When an answer is lost, what was asked for is there once: found, or the same again. Only what is unsafe is left to people.")
{
    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        var trials = await EachRequestAsync(subject, new ProxyFault(CutPhase.BeforeAnswer, Reset: true), cancellationToken);
        return [.. trials.Where(t => t.Wrong is not null).Select(t => Found($"The answer to '{t.Request}' was lost, and {t.Wrong}. The effect class of the operation promises more than the system keeps, or its look-up does not find what was made."))];
    }
}

/// <summary>Tokens end before anybody expects it.</summary>
internal sealed class RefusedCredentialsRule() : WriteRule("CB34", "When a token is refused, a new one is got and the request made again, once.")
{
    public override string? NotAbout(LiveSubject subject) =>
        base.NotAbout(subject) ?? (subject.Connector.Http.Auth is AuthDefinition.Login or AuthDefinition.ByCode ? null : "Its credentials do not change.");

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        int logins = subject.Connector.Http.Auth is AuthDefinition.Login login ? login.Steps.Count : 1;
        var trials = await EachRequestAsync(subject, PassingRequests.Answer(401), cancellationToken);
        var failed = trials.Where(t => t.Wrong is not null).ToArray();
        // Who is refused at the login itself has no business to try again.
        return failed.Length <= logins && trials.Count > logins
            ? []
            : [.. failed.Select(t => Found($"'{t.Request}' was answered 401 once, and {t.Wrong}. Let http.auth log in anew, or declare how the system refuses a token."))];
    }
}

/// <summary>Who is told to wait waits.</summary>
internal sealed class RateLimitRule() : WriteRule("CB35", "When the system says 429, nothing is lost and nothing is asked before its time.")
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(120);

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        string seconds = Wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        string header = subject.Connector.Http.RetryAfter is { } named ? Header(named, subject.Stand.Time.GetUtcNow() + Wait, seconds) : $"Retry-After: {seconds}\r\n";
        var trials = await EachRequestAsync(subject, PassingRequests.Answer(429, header), cancellationToken);
        return
        [
            .. trials.Where(t => t.Wrong is not null).Select(t => Found($"'{t.Request}' was answered 429 once, and {t.Wrong}. Declare under http.errors how the system says that it is asked too often.")),
            .. trials.Where(t => t.Took < Wait - TimeSpan.FromSeconds(2)).Select(t => Found($"'{t.Request}' was answered 429 with a wait of {seconds} s, and all was done after {t.Took.TotalSeconds:0} s. Declare the header that says when to come again.")),
        ];
    }

    private static string Header(TimeHeader named, DateTimeOffset until, string seconds) => named.Unit switch
    {
        TimeUnit.Milliseconds => $"{named.Name}: {seconds}000\r\n",
        TimeUnit.Epoch => string.Create(CultureInfo.InvariantCulture, $"{named.Name}: {until.ToUnixTimeSeconds()}\r\n"),
        TimeUnit.Date => $"{named.Name}: {until.UtcDateTime.ToString("r", CultureInfo.InvariantCulture)}\r\n",
        _ => $"{named.Name}: {seconds}\r\n",
    };
}

/// <summary>Who is told that nothing is left does not ask.</summary>
internal sealed class SpentBudgetRule() : WriteRule("CB42", "When an answer says that nothing is left until a time, nothing is asked before it.")
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    public override string? NotAbout(LiveSubject subject) => base.NotAbout(subject) ?? (subject.Stand.Spent(subject.Stand.Time.GetUtcNow()) is null ? "Its system does not say how much is left." : null);

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        await using LocalEngine engine = await subject.OpenEngineAsync();
        await subject.WriteAsync(engine, subject.Apply(), cancellationToken);
        string application = subject.Apply();
        int duplicates = subject.Stand.Duplicates;
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds((subject.Stand.Time.GetUtcNow() + Wait).ToUnixTimeSeconds());
        // Who is logged in already asks the system itself first, and its answers say how much is left.
        subject.Requests.Begin(0, new ProxyFault(CutPhase.None) { MoreHeaders = subject.Stand.Spent(until) });
        RunDetail run = await subject.WriteAsync(engine, application, cancellationToken);
        List<string> findings = [];
        if (subject.Wrong(run, application, duplicates) is { } wrong)
        {
            findings.Add(Found($"'{subject.Requests.Lines[0]}' was answered that nothing is left, and {wrong}."));
        }
        if (subject.Requests.Times is [_, var next, ..] && (next < until - Slack || next > until + Wait))
        {
            findings.Add(Found($"'{subject.Requests.Lines[0]}' was answered that nothing is left until {until:u}, and '{subject.Requests.Lines[1]}' was sent at {next:u}. Name the headers under http.limits: \"remaining\", and \"reset\" with its unit."));
        }
        return findings;
    }
}

/// <summary>Sending again is harmless only where the system makes it so.</summary>
internal sealed class TwiceRule() : WriteRule("CB45", "What calls itself idempotent or keyed is taken when it is sent again, and is there once.")
{
    protected override bool NeedsProxy => false;

    public override string? NotAbout(LiveSubject subject) =>
        base.NotAbout(subject) ?? (subject.Connector.Operations.Values.Any(o => o.Parts.Count == 0 && (o.Effect is EffectClass.Idempotent or EffectClass.Keyed || o.EffectSetting is not null)) ? null : "No operation claims it.");

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        List<string> findings = [];
        string? stage;
        await using (LocalEngine engine = await subject.OpenEngineAsync())
        {
            string written = subject.Apply();
            if (subject.Stand.Work.Noun == "application")
            {
                subject.Stand.Move(written);
            }
            RunDetail run = await subject.WriteAsync(engine, written, cancellationToken);
            stage = StageOf(run);
            findings.AddRange(await AgainAsync(subject, engine, written, run, cancellationToken));
        }
        if (stage is null || !subject.Connector.Operations.ContainsKey("stage.move") || subject.Stand.Work.Steps is not null)
        {
            return findings;
        }
        subject.Workspace.AddMove(stage);
        await using LocalEngine mover = await subject.OpenEngineAsync();
        string moved = subject.Apply();
        findings.AddRange(await AgainAsync(subject, mover, moved, await subject.MoveAsync(mover, moved, cancellationToken), cancellationToken));
        return findings;
    }

    /// <summary>Sends again what a run sent last with each operation: an earlier one has been replaced by it.</summary>
    private async Task<IReadOnlyList<string>> AgainAsync(LiveSubject subject, LocalEngine engine, string applicationId, RunDetail run, CancellationToken cancellationToken)
    {
        if (run.Run.State != RunState.Succeeded)
        {
            return [Found($"The run ended {run.Run.State} {run.Run.Code}.")];
        }
        List<string> findings = [];
        Connection connection = engine.Services.GetRequiredService<PipelineCatalog>().Current.Connections[StandWorkspace.System];
        IOperationClient client = engine.Services.GetRequiredService<IOperationClient>();
        foreach (EffectRecord effect in run.Effects.Where(e => e is { State: EffectState.Confirmed, Class: EffectClass.Idempotent or EffectClass.Keyed }).GroupBy(e => e.Operation).Select(g => g.Last()))
        {
            (StandHolding held, int duplicates) = (subject.Stand.Held(applicationId), subject.Stand.Duplicates);
            ConnectorOperation operation = connection.Connector.Operations[effect.Operation];
            OperationAnswer again = await client.SendAsync(connection, operation, JsonElement.Parse(effect.Input), effect.Request, null, cancellationToken);
            if (again.Outcome != OperationOutcome.Confirmed)
            {
                findings.Add(Found($"'{effect.Operation}' calls itself {effect.Class.ToString().ToLowerInvariant()}, and the same request again was answered {again.Status} {again.Code}: {again.Message} Write the class that the system keeps, or a rule of http.errors for this answer."));
            }
            else if (subject.Stand.Held(applicationId) is var after && (after != held || subject.Stand.Duplicates > duplicates))
            {
                findings.Add(Found($"'{effect.Operation}' calls itself {effect.Class.ToString().ToLowerInvariant()}, and the same request again changed something: {held}, then {after}. Write the class that the system keeps."));
            }
        }
        return findings;
    }

    private static string? StageOf(RunDetail run) =>
        run.Steps.SingleOrDefault(s => s.Path == StandWorkspace.Seen)?.Output is { } seen && JsonPointer.Find(JsonElement.Parse(seen), "/application/stage/id") is { ValueKind: JsonValueKind.String } id ? id.GetString() : null;
}

/// <summary>Many runs that begin together do not log in one by one.</summary>
internal sealed class OneLoginRule() : WriteRule("CB36", "Runs that begin together share one login.")
{
    private const int Together = 6;

    public override string? NotAbout(LiveSubject subject) =>
        base.NotAbout(subject) ?? (subject.Connector.Http.Auth is AuthDefinition.Login or AuthDefinition.ByCode ? null : "There is no login.");

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        string first;
        await using (LocalEngine engine = await subject.OpenEngineAsync())
        {
            subject.Requests.Begin();
            await subject.WriteAsync(engine, subject.Apply(), cancellationToken);
            first = subject.Requests.Lines[0];
            if (subject.Requests.Lines.Count(l => l == first) > 1)
            {
                // It has no login of its own, or one that other requests look like.
                return [];
            }
        }
        await using LocalEngine cold = await subject.OpenEngineAsync();
        foreach (string application in Enumerable.Range(0, Together).Select(_ => subject.Apply()).ToArray())
        {
            await subject.BeginAsync(cold, application, cancellationToken);
        }
        subject.Requests.Begin();
        IReadOnlyList<RunLease> leases = await cold.Store.LeaseRunsAsync("together", subject.Stand.Time.GetUtcNow(), TimeSpan.FromMinutes(3), Together, [], cancellationToken);
        await Task.WhenAll(leases.Select(l => cold.Executor.ExecuteAsync(l, CancellationToken.None, CancellationToken.None)));
        int logins = subject.Requests.Lines.Count(l => l == first);
        // None: it only looked like a login, and asks something else for each application.
        return logins <= 1 ? [] : [Found($"{leases.Count} runs that began together sent '{first}' {logins} times.")];
    }
}

/// <summary>A host runs for months, and a login for an hour.</summary>
internal sealed class EndedLoginRule() : WriteRule("CB40", "A login that has ended is replaced before anybody notices, for weeks on end.")
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(50), TimeSpan.FromHours(2), TimeSpan.FromHours(25), TimeSpan.FromDays(3)];

    protected override bool NeedsProxy => false;

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        await using LocalEngine engine = await subject.OpenEngineAsync();
        List<string> findings = [];
        foreach (TimeSpan pause in Pauses.Prepend(TimeSpan.Zero))
        {
            subject.Stand.Advance(pause);
            string application = subject.Apply();
            int duplicates = subject.Stand.Duplicates;
            RunDetail run = await subject.WriteAsync(engine, application, cancellationToken);
            if (subject.Wrong(run, application, duplicates) is { } wrong)
            {
                findings.Add(Found($"After a pause of {pause}, {wrong}. Let http.auth say how long a login holds, and what renews it."));
            }
        }
        return findings;
    }
}

/// <summary>Logs and stores are read by people who may not have the keys.</summary>
internal sealed class SecretsRule() : WriteRule("CB37", "No secret is in logs, in the store, or in what a run shows.")
{
    protected override bool NeedsProxy => false;

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        using var log = new KeptLog();
        RunDetail run;
        await using (LocalEngine engine = await subject.OpenEngineAsync(s => s.AddLogging(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(log))))
        {
            run = await subject.WriteAsync(engine, subject.Apply(), cancellationToken);
        }
        List<string> findings = run.Run.State == RunState.Succeeded ? [] : [Found($"The run ended {run.Run.State} {run.Run.Code}.")];
        var shown = new List<(string Where, string Text)> { ("the log", log.Text) };
        shown.AddRange(run.Effects.Select(e => ($"the stored request of '{e.Operation}'", Encoding.UTF8.GetString(e.Request))));
        shown.AddRange(run.Effects.Select(e => ($"the output of '{e.Operation}'", Encoding.UTF8.GetString(e.Output ?? []))));
        shown.AddRange(run.Attempts.Select(a => ("a recorded answer", Encoding.UTF8.GetString(a.Response ?? []))));
        shown.AddRange(Directory.EnumerateFiles(subject.Workspace.Data).Select(f => ($"'{Path.GetFileName(f)}'", Encoding.Latin1.GetString(File.ReadAllBytes(f)))));
        foreach ((string name, string secret) in subject.Stand.Secrets)
        {
            string[] forms = [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), JsonEncodedText.Encode(secret).ToString()];
            findings.AddRange(shown.Where(s => forms.Any(f => s.Text.Contains(f, StringComparison.Ordinal))).Select(s => Found($"The secret '{name}' is in {s.Where}. Use it in http.auth and webhook.signature only.")));
        }
        return findings;
    }
}

/// <summary>People have all kinds of names.</summary>
internal sealed class WrittenNamesRule() : WriteRule("CB38", "A name reaches pipelines as the system has it.")
{
    private const string First = "Zoë {{ 7*7 }}";
    private const string Last = "O'Néill-李小龙 עדי 😀 \"q\" & <b>";

    protected override bool NeedsProxy => false;

    public override string? NotAbout(LiveSubject subject) => base.NotAbout(subject) ?? (subject.Stand.Work.Noun == "application" ? null : "It tells no names.");

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        await using LocalEngine engine = await subject.OpenEngineAsync();
        string application = subject.Stand.Apply(First, Last, "zoe@example.com");
        RunDetail run = await subject.WriteAsync(engine, application, cancellationToken);
        byte[]? seen = run.Steps.SingleOrDefault(s => s.Path == StandWorkspace.Seen)?.Output;
        string? name = seen is null ? null : JsonElement.Parse(seen).GetProperty("candidate").GetProperty("name").GetString();
        return name == $"{First} {Last}" ? [] : [Found($"'{First} {Last}' reached the pipeline as '{name}' (run {run.Run.State} {run.Run.Code}).")];
    }
}
