namespace Aria.Pipelines.Store;

/// <summary>Tells whoever executes runs that the store may hold a due one: something was accepted, or a run ended.</summary>
internal sealed class DueSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);
    private readonly Lock _gate = new();

    /// <summary>Raises the signal. Raising it twice before anybody waits is raising it once.</summary>
    public void Raise()
    {
        lock (_gate)
        {
            if (_raised.CurrentCount == 0)
            {
                _raised.Release();
            }
        }
    }

    /// <summary>Completes at the next raise, or at once when it was raised since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _raised.WaitAsync(cancellationToken);

    public void Dispose() => _raised.Dispose();
}
