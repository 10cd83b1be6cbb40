using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns.Schedules;

/// <summary>
/// Lets several workers run by turns, on one thread at a time: a worker stops before and after everything it says to the outside, and goes on
/// only when it is called. One that is never called again has crashed: nothing behind the place where it stands happens, not even a
/// <c>finally</c>.
/// </summary>
internal sealed class Stage
{
    private static readonly AsyncLocal<Actor?> Current = new();
    private readonly List<Actor> _waiting = [];

    /// <summary>Workers that could go on.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Begins a worker, up to the first place where it stops.</summary>
    public async Task BeginAsync(Func<Task> work, Dice dice)
    {
        var actor = new Actor { Rank = dice.Below(1000) };
        Current.Value = actor;
        Task done = Task.Run(work);
        Current.Value = null;
        await SettleAsync(actor, done);
    }

    /// <summary>
    /// Lets the waiting worker of the highest rank go on to its next stop. Ranks change rarely, so that one worker may do much while another
    /// stands at a bad place: evenly drawn turns would hardly ever let a lease run out there.
    /// </summary>
    public async Task StepAsync(Dice dice)
    {
        if (dice.Percent(6))
        {
            _waiting[dice.Below(_waiting.Count)].Rank = dice.Below(1000);
        }
        Actor actor = _waiting.MaxBy(a => a.Rank)!;
        _waiting.Remove(actor);
        TaskCompletionSource gate = actor.Gate!;
        actor.Arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.SetResult();
        await SettleAsync(actor, actor.Done!);
    }

    /// <summary>One of the waiting workers never goes on.</summary>
    public void Crash(Dice dice) => _waiting.RemoveAt(dice.Below(_waiting.Count));

    /// <summary>None of them goes on.</summary>
    public void CrashAll() => _waiting.Clear();

    /// <summary>A place where the calling worker stops; nobody else stops there.</summary>
    public static Task StopAsync()
    {
        if (Current.Value is not { } actor)
        {
            return Task.CompletedTask;
        }
        actor.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        actor.Arrived.TrySetResult();
        return actor.Gate.Task;
    }

    private async Task SettleAsync(Actor actor, Task done)
    {
        actor.Done = done;
        if (await Task.WhenAny(actor.Arrived.Task, done) == done)
        {
            await done;
            return;
        }
        _waiting.Add(actor);
    }

    private sealed class Actor
    {
        public int Rank { get; set; }

        public TaskCompletionSource Arrived { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource? Gate { get; set; }

        public Task? Done { get; set; }
    }
}
