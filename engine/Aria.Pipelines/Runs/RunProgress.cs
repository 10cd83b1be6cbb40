using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Runs;

/// <summary>What a run knows while it executes: its pipeline, its event as pipelines see it, and the results so far.</summary>
internal sealed class RunProgress
{
    private readonly Dictionary<string, StepRecord> _records;
    private readonly JsonObject _steps = [];

    public RunProgress(RunLease lease, RunSnapshot snapshot, Pipeline pipeline)
    {
        Lease = lease;
        Snapshot = snapshot;
        Pipeline = pipeline;
        _records = snapshot.Steps.ToDictionary(s => s.Path);
        foreach (StepRecord step in snapshot.Steps.Where(s => s.State != StepState.Started))
        {
            Show(step);
        }
        Warning = snapshot.Steps.Where(IsWarning).Select(s => StepError.Read(s.Error, DiagnosticSeverity.Warning)).FirstOrDefault();
    }

    public RunLease Lease { get; }

    public RunSnapshot Snapshot { get; }

    public Pipeline Pipeline { get; }

    /// <summary>The canonical event; set before the first step.</summary>
    public JsonElement Event { get; set; }

    /// <summary>The first thing that did not fit and did not stop the run; null for none. A run that succeeds says it.</summary>
    public Diagnostic? Warning { get; private set; }

    /// <summary>Results that wait for the next commit.</summary>
    public HeldSteps Held { get; } = new();

    public StepRecord? Record(string path) => _records.GetValueOrDefault(path);

    /// <summary>The effect of a step that counts: one that was superseded does not.</summary>
    public EffectRecord? Effect(string path) => Snapshot.Effects.SingleOrDefault(e => e.Path == path && e.State != EffectState.Superseded);

    /// <summary>When the effect of a step, or the first of its parts, was planned; null when none is.</summary>
    public DateTimeOffset? PlannedAt(Step step) =>
        step is ActionStep action ? action.EffectPaths.Select(Effect).OfType<EffectRecord>().Select(e => (DateTimeOffset?)e.CreatedUtc).Min() : null;

    /// <summary>The force number of the next effect of a step: 0, or one more than that of the last one superseded.</summary>
    public int NextForce(string path) => Snapshot.Effects.Where(e => e.Path == path).Select(e => e.Force + 1).DefaultIfEmpty(0).Max();

    public WaitRecord? Wait(string path) => Snapshot.Waits.FirstOrDefault(w => w.Path == path);

    /// <summary>How the run ends when nothing is left to do.</summary>
    /// <param name="last">What its last step warned of.</param>
    /// <param name="now">When.</param>
    public RunTransition Succeeded(Diagnostic? last, DateTimeOffset now) => Left(RunState.Succeeded, (Warning ?? last)?.Code, Warning ?? last, now);

    /// <summary>How a run is left, for good or for now.</summary>
    public static RunTransition Left(RunState state, string? code, Diagnostic? diagnostic, DateTimeOffset now) =>
        new(state, null, code, diagnostic is null ? null : JsonSerializer.SerializeToUtf8Bytes(diagnostic, RunJson.Default.Diagnostic), now);

    /// <summary>Keeps what a step warned of, unless an earlier one did.</summary>
    public void Noted(StepRecord step) => Warning ??= IsWarning(step) ? StepError.Read(step.Error, DiagnosticSeverity.Warning) : null;

    public void Add(StepRecord step)
    {
        Noted(step);
        _records[step.Path] = step;
        Show(step);
    }

    /// <summary>The roots a mapping of this pipeline sees.</summary>
    public Dictionary<string, JsonElement> Values(DateTimeOffset now) => new()
    {
        ["event"] = Event,
        ["steps"] = JsonSerializer.SerializeToElement(_steps, RunJson.Default.JsonObject),
        ["lookups"] = Pipeline.Lookups,
        ["now"] = Instant(now),
    };

    /// <summary>A time as mappings see it: ISO 8601, UTC, milliseconds.</summary>
    public static JsonElement Instant(DateTimeOffset time) =>
        JsonSerializer.SerializeToElement(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), RunJson.Default.String);

    private void Show(StepRecord step)
    {
        string id = step.Path[(step.Path.LastIndexOf('/') + 1)..];
        string status = step.State switch
        {
            StepState.Succeeded => "succeeded",
            StepState.Skipped => "skipped",
            _ => "failed",
        };
        _steps[id] = new JsonObject { ["status"] = status, ["output"] = Node(step.Output), ["error"] = step.State == StepState.Succeeded ? null : Node(step.Error) };
    }

    private static bool IsWarning(StepRecord step) => step is { State: StepState.Succeeded, Error: not null };

    private static JsonNode? Node(byte[]? json) => json is null ? null : JsonNode.Parse(json);
}
