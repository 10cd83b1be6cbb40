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

    /// <summary>What is wrong with the events that came: each change once, of each application.</summary>
    protected IReadOnlyList<string> Judge(LiveSubject subject, IReadOnlyList<JsonElement> seen, IReadOnlyList<string> applied, IReadOnlyList<string> moved)
    {
        List<string> findings = [];
        foreach ((string type, string id, int came, int expected) in Counted(subject, seen, applied, moved).Where(c => c.Came != c.Expected))
        {
            string mend = subject.Connector.Events[type].IsPolled ? "Look at cursor, overlap and dedupe of its poll." : "Look at webhook, wireType and dedupe.";
            findings.Add(Found($"'{type}' of {subject.Stand.Work.Noun} {id} came {came} times instead of {expected}. {mend}"));
        }
        foreach (JsonElement e in seen)
        {
            ISchema? shape = subject.Stand.Work.Noun == Application ? RecruitingShapes.ApplicationEvent : subject.Connector.Events[Text(e, "type")!].Schema;
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
        string[] applied = [.. Enumerable.Range(0, people).Select(_ => subject.Apply())];
        await WhenThereAsync(subject, host, applied, [], cancellationToken);
        string[] moved = [.. applied.Where((_, i) => i % 2 == 0)];
        foreach (string application in moved)
        {
            subject.Stand.Move(application);
        }
        return Judge(subject, await WhenThereAsync(subject, host, applied, moved, cancellationToken), applied, moved);
    }

    /// <summary>The events that came, once each change of each application is among them, or none can be expected any more.</summary>
    protected static Task<IReadOnlyList<JsonElement>> WhenThereAsync(LiveSubject subject, ListeningHost host, IReadOnlyList<string> applied, IReadOnlyList<string> moved, CancellationToken cancellationToken) =>
        SeenEvents.WhenAsync(subject, host, seen => Counted(subject, seen, applied, moved).All(c => c.Came >= c.Expected), cancellationToken);

    private static IEnumerable<(string Type, string Id, int Came, int Expected)> Counted(LiveSubject subject, IReadOnlyList<JsonElement> seen, IReadOnlyList<string> applied, IReadOnlyList<string> moved)
    {
        StandWork work = subject.Stand.Work;
        // Some systems tell of an application that is new as they tell of one that was moved.
        JsonElement[] there = [.. seen.Where(e => work.Noun != Application || Text(e, Application, "stage", "name") == subject.Stand.Stage)];
        return applied.SelectMany(id => new[]
        {
            (work.Created, id, Came(work.Created, id, seen, work), 1),
            (work.Moved, id, Came(work.Moved, id, there, work), moved.Contains(id) ? 1 : 0),
        }).Where(c => subject.Connector.Events.ContainsKey(c.Item1));
    }

    private static int Came(string type, string id, IReadOnlyList<JsonElement> seen, StandWork work) =>
        seen.Count(e => Text(e, "type") == type && (Text(e, work.Noun, "id") ?? Text(e, $"{work.Noun}_id")) == id);

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
        await using ListeningHost host = await subject.StartHostAsync();
        await subject.Stand.ConnectAsync(host.Hook, cancellationToken);
        foreach (int people in (int[])[page, page + 1, 2 * page])
        {
            // From the beginning of a second, what happens together carries the same time, however coarse the system's is; and far from what happened before.
            DateTimeOffset now = subject.Stand.Time.GetUtcNow();
            subject.Stand.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerSecond));
            if (await JudgeMoreChangesAsync(subject, host, people, cancellationToken) is { Count: > 0 } findings)
            {
                return [.. findings.Select(f => $"{f} There were {people} at once, and a page holds {page}.")];
            }
        }
        return [];
    }
}

/// <summary>A sender that is not content sends again, and in the end no more.</summary>
internal sealed class ContentSenderRule() : EventRule("CB44", "The system takes the answer to a delivery for success, and does not send it again.")
{
    private const int People = 3;

    // An hour in all: longer than the first waits of senders.
    private const int Looks = 10;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(6);

    public override string? NotAbout(LiveSubject subject) => base.NotAbout(subject) ?? (subject.Connector.Webhook is null ? "Its system is asked, and sends nothing." : null);

    public override async Task<IReadOnlyList<string>> CheckAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        await using ListeningHost host = await subject.StartHostAsync();
        await using PassedDeliveries deliveries = await PassedDeliveries.StartAsync(host.Hook, subject.Connector.Webhook!.Headers);
        await subject.Stand.ConnectAsync(deliveries.Hook, cancellationToken);
        string[] people = [.. Enumerable.Range(0, People).Select(_ => subject.Apply())];
        foreach (string id in people)
        {
            subject.Stand.Move(id);
        }
        IReadOnlyList<JsonElement> seen = await WhenThereAsync(subject, host, people, people, cancellationToken);
        if (seen.Count == 0 && deliveries.Passed is [.., { } last])
        {
            return [Found($"The system sent nothing after a delivery that was answered {last.Status} with '{last.Answer}'. Write under webhook.ack what its system takes for success.")];
        }
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (int look = 0; look < Looks && deliveries.Passed.Count > 0 && Repeated(deliveries).Length == 0; look++)
        {
            subject.Stand.Advance(Step);
            await ticks.WaitForNextTickAsync(cancellationToken);
            await subject.Stand.WhenQuietAsync(cancellationToken);
        }
        return Repeated(deliveries);
    }

    private string[] Repeated(PassedDeliveries deliveries) =>
    [
        .. deliveries.Passed.GroupBy(d => string.Join('\n', d.Told)).Where(g => g.Count() > 1).Select(g => Found(
            $"A delivery was answered {g.First().Status} with '{g.First().Answer}', and came {g.Count()} times. Write under webhook.ack what its system takes for success.")),
    ];
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
            await WhenThereAsync(subject, host, applied, [], cancellationToken);
        }
        string[] moved = [applied[0], applied[2]];
        foreach (string id in moved)
        {
            subject.Stand.Move(id);
        }
        await using ListeningHost again = await subject.StartHostAsync(port);
        return Judge(subject, await WhenThereAsync(subject, again, applied, moved, cancellationToken), applied, moved);
    }
}
