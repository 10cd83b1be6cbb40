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
}
