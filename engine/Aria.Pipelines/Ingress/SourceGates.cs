using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Ingress;

/// <summary>
/// One gate for each source: how many deliveries it may make, decided before a body is read, and how many of its refusals are kept one by
/// one. Both are allowances of this process; nothing that was accepted is ever dropped by them.
/// </summary>
internal sealed class SourceGates(IngressLimits limits, AuditTrail trail, TimeProvider time)
{
    private const int KeptRefusalsPerMinute = 60;

    private readonly ConcurrentDictionary<string, Gate> _gates = new();

    /// <summary>Asks for one delivery of a source.</summary>
    /// <returns>Null to go on; otherwise how long to stay away.</returns>
    public TimeSpan? Enter(string source)
    {
        Gate gate = Of(source);
        lock (gate)
        {
            return gate.Deliveries.Take(time.GetUtcNow()) ? null : TimeSpan.FromSeconds(1);
        }
    }

    /// <summary>Keeps a delivery that was not authentic.</summary>
    public void Refused(HttpContext http, string source, string code, ReadOnlySpan<byte> body) => Keep(http, "delivery.refused", source, code, body);

    /// <summary>Keeps a delivery that ended before its body did.</summary>
    /// <param name="http">The request.</param>
    /// <param name="source">The source.</param>
    /// <param name="read">What had come of the body.</param>
    public void Aborted(HttpContext http, string source, ReadOnlySpan<byte> read) => Keep(http, "delivery.aborted", source, "aborted", read);

    private void Keep(HttpContext http, string act, string source, string code, ReadOnlySpan<byte> body)
    {
        DateTimeOffset now = time.GetUtcNow();
        Gate gate = Of(source);
        lock (gate)
        {
            if (!gate.Refusals.Take(now))
            {
                gate.NotKept++;
                return;
            }
            var detail = new JsonObject
            {
                ["source"] = source,
                ["ip"] = http.Connection.RemoteIpAddress?.ToString(),
                ["code"] = code,
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(body)),
                ["length"] = body.Length,
                ["notKeptBefore"] = gate.NotKept,
            };
            gate.NotKept = trail.TryAdd(new AuditEntry(now, act, Encoding.UTF8.GetBytes(detail.ToJsonString()))) ? 0 : gate.NotKept + 1;
        }
    }

    private Gate Of(string source) => _gates.GetOrAdd(
        source, _ => new Gate(new Allowance(limits.DeliveriesPerSecond, TimeSpan.FromSeconds(1)), new Allowance(KeptRefusalsPerMinute, TimeSpan.FromMinutes(1))));

    private sealed class Gate(Allowance deliveries, Allowance refusals)
    {
        public Allowance Deliveries { get; } = deliveries;

        public Allowance Refusals { get; } = refusals;

        public long NotKept { get; set; }
    }

    /// <summary>A bucket of so many, refilled over a time.</summary>
    private sealed class Allowance(int most, TimeSpan refill)
    {
        private double _left = most;
        private DateTimeOffset _at;

        public bool Take(DateTimeOffset now)
        {
            // A clock that is set back gives nothing, and takes nothing away.
            double elapsed = Math.Max(0, (now - _at) / refill);
            _left = Math.Min(most, _left + (elapsed * most));
            _at = now;
            if (_left < 1)
            {
                return false;
            }
            _left--;
            return true;
        }
    }
}
