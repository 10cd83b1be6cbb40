using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>The latest 10 000 requests a simulated system received, in order of arrival. Safe from any thread.</summary>
public sealed partial class RequestLog
{
    private const int Kept = 10_000;
    private const int BodyKept = 64 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<ReceivedRequest> _entries = new();
    private readonly TimeProvider _time;
    private long _count;

    internal RequestLog(TimeProvider time) => _time = time;

    /// <summary>Number of requests since the start, also of those no longer kept.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>A copy of the kept entries, oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Forgets the entries; <see cref="Count"/> goes on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    internal ReceivedRequest Open(SandboxRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        bool secretBody = request.Path.EndsWith("/token", StringComparison.Ordinal);
        string body = secretBody ? "" : Password().Replace(Encoding.UTF8.GetString(request.Body.AsSpan(0, Math.Min(request.Body.Length, BodyKept))), "…");
        string? key = request.Headers.TryGetValue("Idempotency-Key", out var keys) ? keys.ToString() : null;
        string scheme = authorization.Length == 0 ? "none" : authorization.Contains(' ', StringComparison.Ordinal) ? authorization.Split(' ')[0] : "other";
        string hash = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        lock (_gate)
        {
            return new ReceivedRequest(
                ++_count, _time.GetUtcNow(), request.Method, request.Path, Credential().Replace(request.QueryString, "…"), scheme, key, body, hash, 0, null);
        }
    }

    // Some systems take credentials in the query.
    [GeneratedRegex("(?<=[?&](?:password|client_secret|refresh_token|access_token|code|BhRestToken)=)[^&]*", RegexOptions.None, 1000)]
    private static partial Regex Credential();

    // Some systems take the password in the body (WS-Security).
    [GeneratedRegex("(?<=<(?:[A-Za-z0-9]+:)?Password\\b[^<>]*>)[^<]*", RegexOptions.None, 1000)]
    private static partial Regex Password();

    internal void Close(ReceivedRequest entry, int status, string? fault)
    {
        lock (_gate)
        {
            _entries.Enqueue(entry with { Status = status, Fault = fault });
            if (_entries.Count > Kept)
            {
                _entries.Dequeue();
            }
        }
    }

    internal JsonArray ToJson() => new([.. Entries.Select(e => new JsonObject
    {
        ["number"] = e.Number,
        ["at"] = SandboxJson.Time(e.At),
        ["method"] = e.Method,
        ["path"] = e.Path,
        ["query"] = e.Query,
        ["authorization"] = e.Authorization,
        ["idempotency_key"] = e.IdempotencyKey,
        ["body"] = e.Body,
        ["body_sha256"] = e.BodySha256,
        ["status"] = e.Status,
        ["fault"] = e.Fault,
    })]);
}
