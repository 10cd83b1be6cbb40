using System.Text.Json;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A rule about events that come from the system.</summary>
internal abstract class EventRule(string id, string title) : LiveRule(id, title)
{
    protected const string Created = "application.created";
    protected const string Moved = "application.stage_changed";

    public override string? NotAbout(LiveSubject subject) =>
        RecruitingShapes.Events.Any(subject.Connector.Events.ContainsKey) ? null : "The connector has no events about applications.";

    /// <summary>How many events some changes have to make.</summary>
    protected static int Expected(LiveSubject subject, int applied, int moved) =>
        (subject.Connector.Events.ContainsKey(Created) ? applied : 0) + (subject.Connector.Events.ContainsKey(Moved) ? moved : 0);

    /// <summary>What is wrong with the events that came: each change once, of each application.</summary>
    protected IReadOnlyList<string> Judge(LiveSubject subject, IReadOnlyList<JsonElement> seen, IReadOnlyList<string> applied, IReadOnlyList<string> moved)
    {
        List<string> findings = [];
        foreach (string application in applied)
        {
            Count(Created, application, seen, 1, findings, subject);
            Count(Moved, application, [.. seen.Where(e => Text(e, "application", "stage", "name") == subject.Stand.Stage)], moved.Contains(application) ? 1 : 0, findings, subject);
        }
        foreach (JsonElement e in seen)
        {
            if (RecruitingShapes.ApplicationEvent.Validate(e) is [SchemaFinding wrong, ..])
            {
                findings.Add(Found($"An event that came is not canonical at '{wrong.InstancePointer}'. {wrong.Message} It is {e.GetRawText()}"));
            }
        }
        return findings;
    }

    private void Count(string type, string application, IReadOnlyList<JsonElement> seen, int expected, List<string> findings, LiveSubject subject)
    {
        if (!subject.Connector.Events.ContainsKey(type))
        {
            return;
        }
        int came = seen.Count(e => Text(e, "type") == type && Text(e, "application", "id") == application);
        if (came != expected)
        {
            string mend = subject.Connector.Events[type] is ConnectorEvent { IsPolled: true } ? "Look at cursor, overlap and dedupe of its poll." : "Look at webhook, wireType and dedupe.";
            findings.Add(Found($"'{type}' of application {application} came {came} times instead of {expected}. {mend}"));
        }
    }

    private static string? Text(JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}

/// <summary>What happens in the system is one event, whatever page or delivery it comes with.</summary>
internal sealed class EveryChangeOnceRule() : EventRule("CB31", "Every change in the system is one event in canonical shape.")
{
    // More than a page of most systems' smallest pages, and many at the same time.
    private const int People = 12;

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        await using ListeningHost host = await subject.StartHostAsync();
        await subject.Stand.ConnectAsync(host.Hook, cancellationToken);
        await subject.Stand.WhenQuietAsync(cancellationToken);
        string[] applied = [.. Enumerable.Range(0, People).Select(_ => subject.Apply())];
        await SeenEvents.WhenAsync(subject, host, Expected(subject, People, 0), cancellationToken);
        string[] moved = [.. applied.Where((_, i) => i % 2 == 0)];
        foreach (string id in moved)
        {
            subject.Stand.Move(id);
        }
        return Judge(subject, await SeenEvents.WhenAsync(subject, host, Expected(subject, People, moved.Length), cancellationToken), applied, moved);
    }
}

/// <summary>What happened while nobody listened is not lost, and what was known is not news.</summary>
internal sealed class RestartRule() : EventRule("CB32", "Changes made while the host is away come once when it is back.")
{
    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        string[] applied;
        int port;
        await using (ListeningHost host = await subject.StartHostAsync())
        {
            port = host.Hook.Port;
            await subject.Stand.ConnectAsync(host.Hook, cancellationToken);
            await subject.Stand.WhenQuietAsync(cancellationToken);
            applied = [subject.Apply(), subject.Apply(), subject.Apply()];
            await SeenEvents.WhenAsync(subject, host, Expected(subject, applied.Length, 0), cancellationToken);
        }
        string[] moved = [applied[0], applied[2]];
        foreach (string id in moved)
        {
            subject.Stand.Move(id);
        }
        await using ListeningHost again = await subject.StartHostAsync(port);
        return Judge(subject, await SeenEvents.WhenAsync(subject, again, Expected(subject, applied.Length, moved.Length), cancellationToken), applied, moved);
    }
}
