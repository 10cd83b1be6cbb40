namespace Aria.Pipelines.EndToEnd.Tests.Support;

/// <summary>Waits for something that another process, or a store, will say in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is there.</summary>
    /// <exception cref="TimeoutException">It was not there in a minute.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        try
        {
            while (true)
            {
                if (await ask() is { } answer)
                {
                    return answer;
                }
                await ticks.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"Not within {Patience.TotalSeconds:0} s: {what}.", e);
        }
    }
}
