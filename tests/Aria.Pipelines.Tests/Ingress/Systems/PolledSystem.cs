using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>An invented system in memory: applications that change, and one strict way of asking for them. Its clock is the test's.</summary>
internal abstract class PolledSystem(TimeProvider time) : IHttpPath
{
    private readonly List<Application> _applications = [];

    /// <summary>Answers the next requests with these statuses, 0 for none at all.</summary>
    public Queue<int> Faults { get; } = [];

    /// <summary>The requests, as method and target.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What it was asked against its own rules.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Every application as it is now.</summary>
    public IReadOnlyList<Application> Applications => _applications;

    /// <summary>What was written to it, as application and text.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Its stages.</summary>
    protected static string[] Names { get; } = ["Applied", "Phone Screen", "Interviewed"];

    protected DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Adds an application, or moves it to another stage.</summary>
    public virtual Application Change(int number, TimeSpan late = default)
    {
        string id = number.ToString(CultureInfo.InvariantCulture);
        int version = (_applications.Find(a => a.Id == id)?.Version ?? 0) + 1;
        // Moving there and back gives the same content again, which is a change all the same.
        var changed = new Application(id, version % 2 == 0 ? "Phone Screen" : "Applied", version, Seconds(Now), Seconds(Now) + late);
        _applications.RemoveAll(a => a.Id == id);
        _applications.Add(changed);
        return changed;
    }

    /// <summary>Somebody moves an application over the interface.</summary>
    protected virtual void Move(string id, string stage)
    {
        Application before = _applications.Single(a => a.Id == id);
        _applications.Remove(before);
        _applications.Add(before with { Stage = stage, Version = before.Version + 1, UpdatedAt = Seconds(Now), VisibleAt = Seconds(Now) });
    }

    public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.Url.PathAndQuery}");
        if (Faults.TryDequeue(out int fault))
        {
            return Task.FromResult(fault == 0
                ? new HttpAnswer(null, true, "connection_lost", "The connection closed.", TimeSpan.Zero)
                : Answer(fault, new JsonObject { ["error"] = "fault" }));
        }
        return Task.FromResult(Handle(request));
    }

    protected abstract HttpAnswer Handle(ConnectorRequest request);

    protected HttpAnswer Refuse(string why)
    {
        Violations.Add(why);
        return Answer(400, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["detail"] = why }) });
    }

    protected static HttpAnswer Answer(int status, JsonNode body) => new(
        new ConnectorResponse(status, new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = ["application/json"] }, Encoding.UTF8.GetBytes(body.ToJsonString())),
        true, null, null, TimeSpan.Zero);

    private static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

/// <summary>An application; a change that is visible late carries its earlier time all the same.</summary>
internal sealed record Application(string Id, string Stage, int Version, DateTimeOffset UpdatedAt, DateTimeOffset VisibleAt);
