using System.Text.Json;
using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A rule about events that come from the system.</summary>
internal abstract class EventRule(string id, string title) : LiveRule(id, title)
{
    private const string Application = "application";

    public override string? NotAbout(LiveSubject subject) =>
        subject.Connector.Events.ContainsKey(subject.Stand.Work.Created) || subject.Connector.Events.ContainsKey(subject.Stand.Work.Moved) ? null : "The connector has no events of what people do in the system.";

    /// <summary>How many events some changes have to make.</summary>
    protected static int Expected(LiveSubject subject, int applied, int moved) =>
        (subject.Connector.Events.ContainsKey(subject.Stand.Work.Created) ? applied : 0) + (subject.Connector.Events.ContainsKey(subject.Stand.Work.Moved) ? moved : 0);

    /// <summary>What is wrong with the events that came: each change once, of each application.</summary>
    protected IReadOnlyList<string> Judge(LiveSubject subject, IReadOnlyList<JsonElement> seen, IReadOnlyList<string> applied, IReadOnlyList<string> moved)
    {
        StandWork work = subject.Stand.Work;
        List<string> findings = [];
        foreach (string one in applied)
        {
            Count(work.Created, one, seen, 1, findings, subject);
            Count(work.Moved, one, [.. seen.Where(e => work.Noun != Application || Text(e, Application, "stage", "name") == subject.Stand.Stage)], moved.Contains(one) ? 1 : 0, findings, subject);
        }
        foreach (JsonElement e in seen)
        {
            ISchema? shape = work.Noun == Application ? RecruitingShapes.ApplicationEvent : subject.Connector.Events[Text(e, "type")!].Schema;
            if (shape?.Validate(e) is [SchemaFinding wrong, ..])
            {
                findings.Add(Found($"An event that came is not canonical at '{wrong.InstancePointer}'. {wrong.Message} It is {e.GetRawText()}"));
            }
        }
        return findings;
    }

    /// <summary>People apply, some of them move, and the events that come are judged.</summary>
    protected async Task<IReadOnlyList<string>> JudgeChangesAsync(LiveSubject subject, ListeningHost host, int people, CancellationToken cancellationToken)
    {
        await subject.Stand.ConnectAsync(host.Hook, cancellationToken);
        return await JudgeMoreChangesAsync(subject, host, people, cancellationToken);
    }

    /// <summary>The same, at a host that is connected.</summary>
    protected async Task<IReadOnlyList<string>> JudgeMoreChangesAsync(LiveSubject subject, ListeningHost host, int people, CancellationToken cancellationToken)
    {
        await subject.Stand.WhenQuietAsync(cancellationToken);
        int before = (await SeenEvents.ReadAsync(host.Store, cancellationToken)).Count;
        string[] applied = [.. Enumerable.Range(0, people).Select(_ => subject.Apply())];
        await SeenEvents.WhenAsync(subject, host, before + Expected(subject, people, 0), cancellationToken);
        string[] moved = [.. applied.Where((_, i) => i % 2 == 0)];
        foreach (string application in moved)
        {
            subject.Stand.Move(application);
        }
        return Judge(subject, await SeenEvents.WhenAsync(subject, host, before + Expected(subject, people, moved.Length), cancellationToken), applied, moved);
    }

    private void Count(string type, string id, IReadOnlyList<JsonElement> seen, int expected, List<string> findings, LiveSubject subject)
    {
        if (!subject.Connector.Events.TryGetValue(type, out ConnectorEvent? definition))
        {
            return;
        }
        string noun = subject.Stand.Work.Noun;
        int came = seen.Count(e => Text(e, "type") == type && (Text(e, noun, "id") ?? Text(e, $"{noun}_id")) == id);
        if (came != expected)
        {
            string mend = definition.IsPolled ? "Look at cursor, overlap and dedupe of its poll." : "Look at webhook, wireType and dedupe.";
            findings.Add(Found($"'{type}' of {noun} {id} came {came} times instead of {expected}. {mend}"));
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

/// <summary>Pages end somewhere, and many things happen in the same second.</summary>
internal sealed class BoundaryRule() : EventRule("CB43", "Where a page ends, and how many changed at the same moment, makes no difference: every change comes once.")
{
    public override string? NotAbout(LiveSubject subject) => base.NotAbout(subject) ?? (subject.Stand.PageSize is null ? "Its system has no lists with pages." : null);

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        int page = subject.Stand.PageSize!.Value;
        List<string> findings = [];
        await using ListeningHost host = await subject.StartHostAsync();
        await subject.Stand.ConnectAsync(host.Hook, cancellationToken);
        foreach (int people in (int[])[page, page + 1, (2 * page) - 1, 2 * page])
        {
            // From the beginning of a second, what happens together carries the same time, however coarse the system's is; and far from what happened before.
            DateTimeOffset now = subject.Stand.Time.GetUtcNow();
            subject.Stand.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerSecond));
            findings.AddRange((await JudgeMoreChangesAsync(subject, host, people, cancellationToken)).Select(f => $"{f} There were {people} at once, and a page holds {page}."));
        }
        return findings;
    }
}

/// <summary>A sender that is not content sends again, and in the end no more.</summary>
internal sealed class ContentSenderRule() : EventRule("CB44", "The system takes the answer to a delivery for success, and does not send it again.")
{
    private const int People = 3;

    // Longer than the first waits of senders.
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);

    public override string? NotAbout(LiveSubject subject) => base.NotAbout(subject) ?? (subject.Connector.Webhook is null ? "Its system is asked, and sends nothing." : null);

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        await using ListeningHost host = await subject.StartHostAsync();
        await using PassedDeliveries deliveries = await PassedDeliveries.StartAsync(host.Hook);
        await subject.Stand.ConnectAsync(deliveries.Hook, cancellationToken);
        foreach (string id in Enumerable.Range(0, People).Select(_ => subject.Apply()).ToArray())
        {
            subject.Stand.Move(id);
        }
        await SeenEvents.WhenAsync(subject, host, Expected(subject, People, People), cancellationToken);
        subject.Stand.Advance(Later);
        await subject.Stand.WhenQuietAsync(cancellationToken);
        return
        [
            .. deliveries.Passed.GroupBy(d => d.Body).Where(g => g.Count() > 1).Select(g => Found(
                $"A delivery was answered {g.First().Status} with '{g.First().Answer}', and came {g.Count()} times. Write under webhook.ack what its system takes for success.")),
        ];
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
