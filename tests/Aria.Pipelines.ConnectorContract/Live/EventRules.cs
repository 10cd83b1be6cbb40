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

    /// <summary>People apply, some of them move, and the events that come are judged.</summary>
    protected async Task<IReadOnlyList<string>> JudgeChangesAsync(LiveSubject subject, ListeningHost host, int people, CancellationToken cancellationToken)
    {
        int before = (await SeenEvents.ReadAsync(host.Store, cancellationToken)).Count;
        await subject.Stand.ConnectAsync(host.Hook, cancellationToken);
        await subject.Stand.WhenQuietAsync(cancellationToken);
        string[] applied = [.. Enumerable.Range(0, people).Select(_ => subject.Apply())];
        await SeenEvents.WhenAsync(subject, host, before + Expected(subject, people, 0), cancellationToken);
        string[] moved = [.. applied.Where((_, i) => i % 2 == 0)];
        foreach (string application in moved)
        {
            subject.Stand.Move(application);
        }
        return Judge(subject, await SeenEvents.WhenAsync(subject, host, before + Expected(subject, people, moved.Length), cancellationToken), applied, moved);
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
        return await JudgeChangesAsync(subject, host, People, cancellationToken);
    }
}

/// <summary>No two clocks agree.</summary>
internal sealed class ClockSkewRule() : EventRule("CB39", "Every change comes once when the host's clock is two minutes before or behind the system's.")
{
    private const int People = 2;
    private static readonly TimeSpan Off = TimeSpan.FromMinutes(2);

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        List<string> findings = [];
        foreach (TimeSpan off in (TimeSpan[])[Off, -Off])
        {
            await using ListeningHost host = await subject.StartHostAsync(off: off);
            findings.AddRange((await JudgeChangesAsync(subject, host, People, cancellationToken)).Select(f => $"{f} The host's clock was off by {off.TotalMinutes:0} minutes."));
        }
        return findings;
    }
}

/// <summary>Whoever sends makes sure of the receiver first.</summary>
internal sealed class HandshakeRule() : LiveRule("CB41", "A handshake is answered as the vendor demands, what is none is refused, and nothing is stored.")
{
    private const string Value = "handshake-value-0123456789";

    public override string? NotAbout(LiveSubject subject) => subject.Connector.Webhook?.Handshake is null ? "Its system shakes no hands." : null;

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        HandshakeDefinition handshake = subject.Connector.Webhook!.Handshake!;
        await using ListeningHost host = await subject.StartHostAsync();
        (int status, string? echoed) = await RawPost.SendAsync(host.Hook, handshake.Header, Value, cancellationToken);
        List<string> findings = [];
        if (status != handshake.Status || echoed != Value)
        {
            findings.Add(Found($"The handshake was answered {status} with '{echoed}'. Declare webhook.handshake."));
        }
        foreach ((string header, string value) in ((string, string)[])[("X-Other", Value), (handshake.Header, ""), (handshake.Header, new string('x', 257)), (handshake.Header, "two words")])
        {
            (int refused, string? answered) = await RawPost.SendAsync(host.Hook, header, value, cancellationToken);
            if (refused < 400 || answered is not null)
            {
                findings.Add(Found($"What is no handshake ('{header}' of {value.Length} characters) was answered {refused} with '{answered}'."));
            }
        }
        long stored = (await host.Store.CountAsync(cancellationToken)).Events.Values.Sum();
        return stored == 0 ? findings : [.. findings, Found($"{stored} events were stored.")];
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
