using System.Globalization;

namespace Aria.Pipelines.Connectors;

/// <summary>
/// Calls a connector's code on threads that are nobody else's, and gives up on a call that does not come back: its thread is lost, the caller
/// goes on. With too many of them lost the code is not called any more, so that it cannot take all runs with it.
/// </summary>
internal sealed class CodeCalls
{
    private const int MostLost = 4;
    private int _lost;

    /// <summary>An ability computes, so it has no reason to take longer.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A login talks to the vendor, several times perhaps.</summary>
    public TimeSpan LoginLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls the code and waits for it.</summary>
    /// <exception cref="CodeStuckException">It did not come back, or is not called any more.</exception>
    public T Run<T>(Func<T> call)
    {
        Task<T> task = Begin(call);
        if (Task.WaitAny([task], Limit) == 0)
        {
            return task.GetAwaiter().GetResult();
        }
        throw Lose(task, Limit);
    }

    /// <summary>The same without holding the caller's thread meanwhile.</summary>
    /// <exception cref="CodeStuckException">It did not come back, or is not called any more.</exception>
    public async Task<T> RunAsync<T>(Func<T> call)
    {
        Task<T> task = Begin(call);
        using var over = new CancellationTokenSource();
        // What it may take is real time, whatever clock the engine has: a simulated one would let it wait for ever.
        await Task.WhenAny(task, Task.Delay(Limit, TimeProvider.System, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return task.IsCompleted ? await task.ConfigureAwait(false) : throw Lose(task, Limit);
    }

    /// <summary>Calls code that waits for others.</summary>
    /// <exception cref="CodeStuckException">It did not come back, or is not called any more.</exception>
    public async Task<T> LogInAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken token = over.Token;
        Task<Task<T>> begun = Begin(() => call(token).AsTask());
        await Task.WhenAny(begun, Task.Delay(Limit, TimeProvider.System, token)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!begun.IsCompleted)
        {
            throw Lose(begun, Limit);
        }
        Task<T> task = await begun.ConfigureAwait(false);
        await Task.WhenAny(task, Task.Delay(LoginLimit, TimeProvider.System, token)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!task.IsCompleted)
        {
            await over.CancelAsync().ConfigureAwait(false);
            throw Lose(task, LoginLimit);
        }
        return await task.ConfigureAwait(false);
    }

    private Task<T> Begin<T>(Func<T> call)
    {
        if (Volatile.Read(ref _lost) >= MostLost)
        {
            throw new CodeStuckException($"{MostLost} calls of it have not come back, so it is not called until one of them does, or it is loaded anew.");
        }
        return CodeThread.Run(call);
    }

    private CodeStuckException Lose(Task task, TimeSpan limit)
    {
        Interlocked.Increment(ref _lost);
        _ = task.ContinueWith(
            finished =>
            {
                _ = finished.Exception;
                Interlocked.Decrement(ref _lost);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return new CodeStuckException(string.Create(CultureInfo.InvariantCulture, $"It did not come back within {limit.TotalSeconds} s."));
    }
}
