using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class RateSignalsTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("X-RateLimit-Remaining: 7|X-RateLimit-Reset: 30", 7, 30)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1788249630", 0, 30)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1788249630000", 0, 30)]
    [InlineData("RateLimit-Remaining: 3|RateLimit-Reset: 5", 3, 5)]
    [InlineData("RateLimit: \"default\";r=50;t=30", 50, 30)]
    [InlineData("RateLimit: limit=100, remaining=0, reset=12", 0, 12)]
    [InlineData("RateLimit: \"burst\";r=9", 9, null)]
    [InlineData("X-RateLimit-Remaining: many", null, null)]
    [InlineData("X-RateLimit-Remaining: -1|X-RateLimit-Reset: soon", null, null)]
    [InlineData("Content-Type: application/json", null, null)]
    public void Headers_OfEachKind_AreUnderstood(string headers, int? remaining, int? seconds)
    {
        var given = headers.Split('|').Select(h => h.Split(": ")).ToDictionary(h => h[0], h => (IReadOnlyList<string>)[h[1]], StringComparer.OrdinalIgnoreCase);

        (int? left, DateTimeOffset? reset) = RateSignals.Read(new ConnectorResponse(200, given, default), null, Now);

        left.ShouldBe(remaining);
        reset.ShouldBe(seconds is { } s ? Now.AddSeconds(s) : null);
    }

    /// <summary>What the draft and bad systems send. A past point in time is a wait of 0, and -1 stands for what is not understood: then the engine waits as it sees fit.</summary>
    [Theory]
    [InlineData("Retry-After: 120", null, 120)]
    [InlineData("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT", null, 0)]
    [InlineData("Retry-After: -5", null, -1)]
    [InlineData("Retry-After: 1e9", null, -1)]
    [InlineData("Retry-After: 99999999", null, 3600)]
    [InlineData("Retry-After: abc", null, -1)]
    [InlineData("RateLimit: default;r=50;t=30", 50, 30)]
    [InlineData("RateLimit: permin;r=20;w=23, perhr;r=399;w=2402", 20, -1)]
    [InlineData("RateLimit: problemPolicy;r=0, t=10|Retry-After: 20", 0, 20)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 10", 0, 10)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1767225600", 0, 60)]
    [InlineData("RateLimit: garbage;;;", null, -1)]
    public void Vector_OfHeaders_IsUnderstoodOrIgnored(string headers, int? remaining, int wait)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1767225600 - 60);
        JsonElement vector = Vectors().Single(v => Written(v) == headers);
        var given = vector.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => (IReadOnlyList<string>)[h.Value.GetString()!], StringComparer.OrdinalIgnoreCase);
        var answer = new ConnectorResponse(429, given, default);

        (int? left, DateTimeOffset? reset) = RateSignals.Read(answer, null, now);
        double waited = ((AnswerClassifier.RetryAfter(answer, now) ?? reset) - now)?.TotalSeconds ?? -1;

        (left, waited).ShouldBe((remaining, wait));
        if (vector.TryGetProperty("wait_s", out JsonElement expected))
        {
            // What is left needs no wait.
            (left > 0 ? 0 : waited).ShouldBe(expected.GetInt32());
        }
    }

    [Fact]
    public void Vectors_AreThere() => Vectors().Length.ShouldBe(12);

    private static JsonElement[] Vectors() =>
        [.. JsonElement.Parse(File.ReadAllBytes(Path.Combine(Plugins.Root, "tests", "Aria.Pipelines.Tests", "Connectors", "Vectors", "rate-limit-headers.json"))).EnumerateArray()];

    private static string Written(JsonElement vector) => string.Join('|', vector.GetProperty("headers").EnumerateObject().Select(h => $"{h.Name}: {h.Value.GetString()}"));
}
