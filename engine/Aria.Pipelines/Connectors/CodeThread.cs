using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Aria.Pipelines.Connectors;

/// <summary>A thread for connector code. The pool's threads are everybody's: code that blocks them would stop the host.</summary>
internal sealed class CodeThread
{
    private const int MostIdle = 8;
    private static readonly ConcurrentStack<CodeThread> Idle = new();
    private readonly object _gate = new();
    private Action? _work;

    private CodeThread()
    {
        var thread = new Thread(Serve) { IsBackground = true, Name = "connector code" };
        thread.Start();
    }

    /// <summary>Runs a call on a thread of its own.</summary>
    public static Task<T> Run<T>(Func<T> call)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        CodeThread thread = Idle.TryPop(out CodeThread? idle) ? idle : new CodeThread();
        thread.Give(() =>
        {
            try
            {
                result.SetResult(call());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    private void Give(Action work)
    {
        lock (_gate)
        {
            _work = work;
            Monitor.Pulse(_gate);
        }
    }

    private Action Take()
    {
        lock (_gate)
        {
            while (_work is null)
            {
                Monitor.Wait(_gate);
            }
            Action work = _work;
            _work = null;
            return work;
        }
    }

    private void Serve()
    {
        do
        {
            Work();
        }
        while (Rest());
    }

    // Apart, so that a thread that rests holds nothing of the connector it worked for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Work() => Take()();

    private bool Rest()
    {
        if (Idle.Count >= MostIdle)
        {
            return false;
        }
        Idle.Push(this);
        return true;
    }
}
