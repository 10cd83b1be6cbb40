using System.Globalization;
using Aria.Pipelines.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>How hops are counted, and what is not one.</summary>
public sealed class LoopGuardTests
{
    private const string Moved = "application.stage_changed";
    private const string Jane = "application:1";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly LoopGuard _guard;
    private int _events;

    public LoopGuardTests() => _guard = new LoopGuard(_time);

    [Fact]
    public void Hops_OfEventsThatEachCauseTheNext_AreCounted()
    {
        string e = Happen().Id;

        for (int hops = 1; hops <= LoopGuard.MostHops + 1; hops++)
        {
            _guard.Expect("ats", [Moved], Jane, e);
            _time.Advance(TimeSpan.FromMinutes(5));
            (e, int found) = Happen();
            found.ShouldBe(hops);
        }
    }

    [Fact]
    public void Hops_OfAnotherConnectionTypeOrSubject_AreNone()
    {
        _guard.Expect("ats", [Moved], Jane, Happen().Id);

        _guard.HopsTo("other", Moved, Jane).ShouldBe(0);
        _guard.HopsTo("ats", "application.updated", Jane).ShouldBe(0);
        _guard.HopsTo("ats", Moved, "application:2").ShouldBe(0);
        _guard.HopsTo("ats", Moved, Jane).ShouldBe(1);
    }

    [Fact]
    public void Hops_WhenTheEventComesTooLate_CountAnew()
    {
        _guard.Expect("ats", [Moved], Jane, Happen().Id);

        _time.Advance(LoopGuard.Patience);

        Happen().Hops.ShouldBe(0);
    }

    /// <summary>Each move makes a pipeline move the candidate, too, and each of these is reported.</summary>
    [Fact]
    public void Hops_OfARecruiterWhoMovesACandidateBackAndForth_DoNotAddUp()
    {
        for (int i = 0; i < 20; i++)
        {
            (string move, int hops) = Happen();
            hops.ShouldBe(0);
            _guard.Expect("ats", [Moved], Jane, move);
            Happen().Hops.ShouldBe(1);
            _time.Advance(LoopGuard.Echo);
        }
    }

    /// <summary>What we do twice for one event is one hop.</summary>
    [Fact]
    public void Hops_OfSeveralActionsOfOneRun_AreOne()
    {
        string e = Happen().Id;
        _guard.Expect("ats", [Moved], Jane, e);
        _guard.Expect("ats", [Moved, "application.updated"], Jane, e);

        Happen().Hops.ShouldBe(1);
        _guard.HopsTo("ats", "application.updated", Jane).ShouldBe(1);
    }

    [Fact]
    public void Hops_OfAChangeThatIsReportedTwice_AreThoseOfTheChange()
    {
        _guard.Expect("ats", [Moved], Jane, Happen().Id);

        Happen().Hops.ShouldBe(1);
        _time.Advance(LoopGuard.Echo - TimeSpan.FromSeconds(1));
        Happen().Hops.ShouldBe(1);
        _time.Advance(LoopGuard.Echo);
        Happen().Hops.ShouldBe(0);
    }

    [Fact]
    public void Hops_OfAnActionThatWasRefused_AreNone()
    {
        _guard.Expect("ats", [Moved], Jane, Happen().Id);

        _guard.Withdraw("ats", [Moved], Jane);

        Happen().Hops.ShouldBe(0);
    }

    [Fact]
    public void Notes_BeyondTheMost_ForgetTheOldest()
    {
        for (int i = 0; i <= LoopGuard.MostKept; i++)
        {
            _guard.Expect("ats", [Moved], string.Create(CultureInfo.InvariantCulture, $"application:{i}"), "e");
        }

        _guard.HopsTo("ats", Moved, "application:0").ShouldBe(0);
        _guard.HopsTo("ats", Moved, "application:1").ShouldBe(1);
        _guard.HopsTo("ats", Moved, string.Create(CultureInfo.InvariantCulture, $"application:{LoopGuard.MostKept}")).ShouldBe(1);
    }

    [Fact]
    public async Task Notes_FromManyThreads_AreAllKept()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    string subject = string.Create(CultureInfo.InvariantCulture, $"application:{thread}-{i}");
                    _guard.Expect("ats", [Moved], subject, "e");
                    _guard.Keep("ats", Moved, subject, subject, _guard.HopsTo("ats", Moved, subject));
                }
            },
            TestContext.Current.CancellationToken)));

        Enumerable.Range(0, 8).Select(thread => _guard.HopsTo("ats", Moved, string.Create(CultureInfo.InvariantCulture, $"application:{thread}-999"))).ShouldAllBe(hops => hops == 1);
    }

    /// <summary>An event about the candidate that is stored.</summary>
    private (string Id, int Hops) Happen()
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"evt_{++_events}");
        int hops = _guard.HopsTo("ats", Moved, Jane);
        if (hops > 0)
        {
            _guard.Keep("ats", Moved, Jane, id, hops);
        }
        return (id, hops);
    }
}
