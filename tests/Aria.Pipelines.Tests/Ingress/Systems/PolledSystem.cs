using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>An invented system in memory: applications that change, and one strict way of asking for them. Its clock is the test's. Safe from any thread.</summary>
internal abstract class PolledSystem(TimeProvider time) : IHttpPath
{
    private readonly Lock _gate = new();
    private readonly List<Application> _applications = [];
    private readonly Dictionary<string, int> _passes = [];
    private readonly HashSet<string> _reading = [];

    /// <summary>Answers the next requests with these statuses, 0 for none at all.</summary>
    public Queue<int> Faults { get; } = [];

    /// <summary>The requests, as method and target.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What it was asked against its own rules.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>What was written to it, as application and text.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Every application as it is now.</summary>
    public IReadOnlyList<Application> Applications => Locked(() => _applications.ToArray());

    /// <summary>The lists that a host reads for its events.</summary>
    public abstract IReadOnlyList<string> Feeds { get; }

    /// <summary>Its stages.</summary>
    protected static string[] Names { get; } = ["Applied", "Phone Screen", "Interviewed"];

    protected DateTimeOffset Now => time.GetUtcNow();

    /// <summary>How often a list was read to its end, or left before it.</summary>
    public int Passes(string feed) => Locked(() => _passes.GetValueOrDefault(feed));

    /// <summary>Told of every change, from the thread that made it.</summary>
    public Action<Application>? Changed { get; set; }

    /// <summary>Adds an application, or moves it to another stage.</summary>
    public Application Change(int number, TimeSpan late = default) => Locked(() => Put(number, late, null));

    /// <summary>A person applies.</summary>
    /// <returns>The application's id.</returns>
    public string Apply(Person person) => Locked(() => Put(_applications.Count + 1, default, person).Id);

    /// <summary>Somebody moves an application. Where it is already, nothing happens.</summary>
    public void MoveTo(string id, string stage) => Locked(() =>
    {
        Move(id, stage);
        return true;
    });

    public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) => Task.FromResult(Locked(() =>
    {
        Requests.Add($"{request.Method} {request.Url.PathAndQuery}");
        if (Faults.TryDequeue(out int fault))
        {
            return fault == 0
                ? new HttpAnswer(null, true, "connection_lost", "The connection closed.", TimeSpan.Zero)
                : Answer(fault, new JsonObject { ["error"] = "fault" });
        }
        return Handle(request);
    }));

    protected abstract HttpAnswer Handle(ConnectorRequest request);

    /// <summary>Moves an application; where it is already, nothing happens.</summary>
    protected void Move(string id, string stage)
    {
        Application before = _applications.Single(a => a.Id == id);
        if (before.Stage != stage)
        {
            var moved = before with { Stage = stage, Version = before.Version + 1, UpdatedAt = Seconds(Now), VisibleAt = Seconds(Now) };
            _applications.Remove(before);
            _applications.Add(moved);
            Note(moved);
        }
    }

    /// <summary>An application changed.</summary>
    protected virtual void Note(Application changed) => Changed?.Invoke(changed);

    /// <summary>Writes members of an interview; what is not given stays.</summary>
    protected void Save(string id, Func<string, JsonNode?> given)
    {
        int at = _applications.FindIndex(a => a.Id == id);
        var interview = new Dictionary<string, string>(_applications[at].Interview);
        foreach (string member in Application.InterviewMembers)
        {
            if (given(member) is { } value)
            {
                interview[member] = value.ToString();
            }
        }
        _applications[at] = _applications[at] with { Interview = interview };
    }

    /// <summary>A list is read from its first page on.</summary>
    protected void BeginPass(string feed)
    {
        if (!_reading.Add(feed))
        {
            Count(feed);
        }
    }

    /// <summary>The last page of a list is read.</summary>
    protected void EndPass(string feed)
    {
        _reading.Remove(feed);
        Count(feed);
    }

    private void Count(string feed) => _passes[feed] = _passes.GetValueOrDefault(feed) + 1;

    protected HttpAnswer Refuse(string why, int status = 400)
    {
        Violations.Add(why);
        return Answer(status, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["detail"] = why }) });
    }

    protected static HttpAnswer Answer(int status, JsonNode body) => new(
        new ConnectorResponse(status, new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = ["application/json"] }, Encoding.UTF8.GetBytes(body.ToJsonString())),
        true, null, null, TimeSpan.Zero);

    protected static string IdOf(string stage) => $"s{Array.IndexOf(Names, stage) + 1}";

    /// <summary>The stage with an id; null when there is none.</summary>
    protected static string? StageOf(string? id) => Array.Find(Names, n => IdOf(n) == id);

    protected static string Written(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Application Put(int number, TimeSpan late, Person? person)
    {
        string id = number.ToString(CultureInfo.InvariantCulture);
        Application? before = _applications.Find(a => a.Id == id);
        int version = (before?.Version ?? 0) + 1;
        // Moving there and back gives the same content again, which is a change all the same.
        var changed = new Application(id, version % 2 == 0 ? "Phone Screen" : "Applied", version, Seconds(Now), Seconds(Now) + late)
        {
            AppliedAt = before?.AppliedAt ?? Seconds(Now),
            Person = before?.Person ?? person ?? new Person("Jane", $"Doe{id}", $"jane.doe{id}@example.com"),
            Interview = before?.Interview ?? new Dictionary<string, string>(),
        };
        _applications.RemoveAll(a => a.Id == id);
        _applications.Add(changed);
        Note(changed);
        return changed;
    }

    private T Locked<T>(Func<T> act)
    {
        lock (_gate)
        {
            return act();
        }
    }

    private static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

/// <summary>An application; a change that is visible late carries its earlier time all the same.</summary>
internal sealed record Application(string Id, string Stage, int Version, DateTimeOffset UpdatedAt, DateTimeOffset VisibleAt)
{
    /// <summary>What a result consists of, in canonical words.</summary>
    public static IReadOnlyList<string> InterviewMembers { get; } = ["status", "score", "recommendation", "transcript", "recording"];

    public required DateTimeOffset AppliedAt { get; init; }

    public required Person Person { get; init; }

    /// <summary>What was written of an interview.</summary>
    public IReadOnlyDictionary<string, string> Interview { get; init; } = new Dictionary<string, string>();
}

/// <summary>Somebody who applied.</summary>
internal sealed record Person(string First, string Last, string Email);
