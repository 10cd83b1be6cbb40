namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>Tells waiters that something changed, so that nobody has to poll.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Beat() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Returns the first reading that satisfies the condition; reads again after every beat.</summary>
    public async Task<T> WhenAsync<T>(Func<T> read, Func<T, bool> condition, CancellationToken cancel)
    {
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;
            T reading = read();
            if (condition(reading))
            {
                return reading;
            }

            await next.WaitAsync(cancel);
        }
    }
}
