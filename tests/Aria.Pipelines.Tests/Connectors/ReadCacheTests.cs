using System.Text.Json;
using Aria.Pipelines.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class ReadCacheTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly JsonElement One = JsonElement.Parse("1");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Find_AfterItsTime_Null()
    {
        var cache = new ReadCache(_time);
        cache.Keep("ats", "/a", null, One, _time.GetUtcNow(), FiveMinutes);
        _time.Advance(FiveMinutes - TimeSpan.FromTicks(1));
        cache.Find("ats", "/a").ShouldNotBeNull();
        cache.Find("other", "/a").ShouldBeNull();
        _time.Advance(TimeSpan.FromTicks(1));
        cache.Find("ats", "/a").ShouldBeNull();
    }

    [Fact]
    public void Drop_Subject_ForgetsOnlyItsReadsOfThatConnection()
    {
        var cache = new ReadCache(_time);
        cache.Keep("ats", "/a", "candidate:1", One, _time.GetUtcNow(), FiveMinutes);
        cache.Keep("ats", "/b", "candidate:2", One, _time.GetUtcNow(), FiveMinutes);
        cache.Keep("other", "/a", "candidate:1", One, _time.GetUtcNow(), FiveMinutes);
        cache.Drop("ats", "candidate:1");
        cache.Find("ats", "/a").ShouldBeNull();
        cache.Find("ats", "/b").ShouldNotBeNull();
        cache.Find("other", "/a").ShouldNotBeNull();
    }

    [Fact]
    public void Keep_MoreThanTheMemoryForIt_ForgetsWhatEndsFirst()
    {
        var cache = new ReadCache(_time);
        JsonElement large = JsonElement.Parse($"\"{new string('x', 10_000_000)}\"");
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            cache.Keep("ats", $"/{i}", $"candidate:{i}", large, _time.GetUtcNow(), FiveMinutes);
        }

        int[] kept = [.. Enumerable.Range(0, 20).Where(i => cache.Find("ats", $"/{i}") is not null)];
        kept.Length.ShouldBeInRange(2, 6);
        kept.ShouldContain(19);
        kept.ShouldNotContain(0);
        cache.Drop("ats", "candidate:19");
        cache.Find("ats", "/19").ShouldBeNull();
    }

    [Fact]
    public void Keep_SubjectChangedWhileReading_NotKept()
    {
        var cache = new ReadCache(_time);
        DateTimeOffset asked = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        cache.Drop("ats", "candidate:1");
        cache.Keep("ats", "/a", "candidate:1", One, asked, FiveMinutes);
        cache.Find("ats", "/a").ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        cache.Keep("ats", "/a", "candidate:1", One, _time.GetUtcNow(), FiveMinutes);
        cache.Find("ats", "/a").ShouldNotBeNull();
    }

    [Fact]
    public void Keep_MoreThanItHolds_MakesRoomByForgettingTheOldest()
    {
        var cache = new ReadCache(_time);
        for (int i = 0; i < 10_001; i++)
        {
            cache.Keep("ats", $"/{i}", null, One, _time.GetUtcNow(), FiveMinutes);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        cache.Find("ats", "/0").ShouldBeNull();
        cache.Find("ats", "/10000").ShouldNotBeNull();
    }
}
