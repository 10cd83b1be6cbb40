using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>
/// The system behind the counting connector. Each request is recorded before a fault is decided, so nothing that was sent goes uncounted.
/// <c>PUT /put/{id}</c> upserts, <c>POST /keyed</c> honours its key, <c>POST /marked</c> makes a new thing each time and <c>GET /marked</c>
/// finds it after a while, <c>POST /told</c> makes a new thing each time and offers nothing.
/// </summary>
internal sealed class CountingTarget : IAsyncDisposable
{
    private static readonly TimeSpan Invisible = TimeSpan.FromMilliseconds(400);
    private static readonly byte[] Garbage = "<html>{\"unterminated\": "u8.ToArray();
    private readonly WebApplication _app;
    private readonly Func<string, Fault?> _decide;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TargetEntry> _entries = [];
    private readonly Dictionary<string, string> _byKey = [];
    private readonly Dictionary<string, List<(string Id, DateTimeOffset Seen)>> _byMarker = [];
    private long _things;
    private long _requests;
    private long _faults;

    private CountingTarget(WebApplication app, Func<string, Fault?> decide)
    {
        (_app, _decide) = (app, decide);
        app.Run(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Requests that arrived.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Faults that were done.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Starts a target on a free port.</summary>
    /// <param name="decide">Chooses the fault of a request of this effect class; null for none. Called under a lock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CountingTarget> StartAsync(Func<string, Fault?> decide, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var target = new CountingTarget(builder.Build(), decide);
        await target._app.StartAsync(cancellationToken);
        return target;
    }

    /// <summary>Faults for this many of 100 requests, of every kind a target has.</summary>
    public static Func<string, Fault?> Percent(int chance, Dice dice)
    {
        Fault[] faults =
        [
            .. Enumerable.Repeat(new Fault { Kind = FaultKind.Status, Status = 503 }, 6),
            .. Enumerable.Repeat(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = 0 }, 4),
            .. Enumerable.Repeat(new Fault { Kind = FaultKind.DropBefore }, 6),
            .. Enumerable.Repeat(new Fault { Kind = FaultKind.DropAfter }, 6),
            .. Enumerable.Repeat(new Fault { Kind = FaultKind.Garbage }, 4),
            .. Enumerable.Repeat(new Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromMilliseconds(50) }, 3),
            new Fault { Kind = FaultKind.HoldAfter },
        ];
        return _ => dice.Percent(chance) ? dice.Of(faults) : null;
    }

    /// <summary>A copy of what arrived so far, by event id and step: <c>{event}/{step}</c>.</summary>
    public IReadOnlyDictionary<string, TargetEntry> Entries()
    {
        lock (_gate)
        {
            return new Dictionary<string, TargetEntry>(_entries);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        SandboxRequest request = await SandboxRequest.ReadAsync(http);
        (string effectClass, TargetEntry? entry, Fault? fault) = Record(request);
        if (fault?.Kind == FaultKind.Delay)
        {
            await Task.Delay(fault.Delay, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Answer? answer = fault?.Kind switch
        {
            FaultKind.DropBefore => null,
            FaultKind.Status => Refusal(request, fault),
            FaultKind.Garbage => Process(request, effectClass, entry) with { Body = Garbage },
            _ => Process(request, effectClass, entry),
        };
        if (fault?.Kind == FaultKind.HoldAfter)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (answer is null || fault?.Kind is FaultKind.DropAfter or FaultKind.HoldAfter)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = answer.Body.Length;
        foreach ((string name, string value) in answer.Headers)
        {
            http.Response.Headers.Append(name, value);
        }
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }

    private (string Class, TargetEntry? Entry, Fault? Fault) Record(SandboxRequest request)
    {
        string place = request.Path.Split('/')[1];
        bool looksUp = place == "marked" && request.Method == "GET";
        string effectClass = looksUp ? "search" : place switch { "put" => "idempotent", "keyed" => "keyed", "marked" => "lookup", "told" => "unsafe", _ => "read" };
        lock (_gate)
        {
            _requests++;
            Fault? fault = _decide(effectClass);
            _faults += fault is null ? 0 : 1;
            if (looksUp)
            {
                return (effectClass, null, fault);
            }
            string effect = effectClass == "read"
                ? $"{request.Path.Split('/')[^1]}/{request.Query["step"]}"
                : $"{SandboxJson.TryReadObject(request.Body)!["event"]}/{SandboxJson.TryReadObject(request.Body)!["step"]}";
            if (!_entries.TryGetValue(effect, out TargetEntry? entry))
            {
                _entries[effect] = entry = new TargetEntry(effectClass) { FirstArrival = _requests };
            }
            entry.Received++;
            entry.Refused += fault is { Kind: FaultKind.Status, Status: 429 } ? 1 : 0;
            entry.Bodies.Add(Convert.ToHexStringLower(SHA256.HashData(request.Body)));
            entry.Keys.Add(effectClass switch
            {
                "idempotent" => request.Path,
                "keyed" => request.Headers["Idempotency-Key"].ToString(),
                "lookup" => SandboxJson.TryReadObject(request.Body)!["marker"]!.ToString(),
                _ => "",
            });
            return (effectClass, entry, fault);
        }
    }

    /// <summary>Refuses without doing anything, and says the caller's key back: an engine must not keep it.</summary>
    private static Answer Refusal(SandboxRequest request, Fault fault)
    {
        Answer refused = Answer.Message(fault.Status, $"Not now. You sent: {request.Headers.Authorization}");
        return fault.RetryAfter is { } seconds ? refused.With("Retry-After", $"{seconds}") : refused;
    }

    private Answer Process(SandboxRequest request, string effectClass, TargetEntry? entry)
    {
        lock (_gate)
        {
            switch (effectClass)
            {
                case "search":
                    string marker = request.Query["marker"].ToString();
                    DateTimeOffset now = TimeProvider.System.GetUtcNow();
                    return Answer.Json(200, new JsonObject
                    {
                        ["things"] = new JsonArray([.. _byMarker.GetValueOrDefault(marker, []).Where(t => t.Seen <= now).Select(t => (JsonNode)new JsonObject { ["id"] = t.Id })]),
                    });
                case "read":
                    return Answer.Json(200, new JsonObject { ["id"] = "read" });
                case "idempotent" or "keyed":
                    string key = effectClass + ":" + (effectClass == "keyed" ? request.Headers["Idempotency-Key"].ToString() : request.Path);
                    if (!_byKey.TryGetValue(key, out string? known))
                    {
                        _byKey[key] = known = Make(entry!);
                    }
                    return Answer.Json(200, new JsonObject { ["id"] = known });
                default:
                    string id = Make(entry!);
                    if (effectClass == "lookup")
                    {
                        string mark = SandboxJson.TryReadObject(request.Body)!["marker"]!.ToString();
                        _byMarker[mark] = [.. _byMarker.GetValueOrDefault(mark, []), (id, TimeProvider.System.GetUtcNow() + Invisible)];
                    }
                    return Answer.Json(201, new JsonObject { ["id"] = id });
            }
        }
    }

    private string Make(TargetEntry entry)
    {
        entry.Made++;
        return $"t{++_things}";
    }
}
