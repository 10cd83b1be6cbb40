using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Connector code that does not come back costs a thread and one caller's patience, and then nothing more.</summary>
public sealed class CodeCallsTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private readonly CodeCalls _calls = new() { Limit = Short, LoginLimit = Short };

    [Fact]
    public void Run_Result_IsGivenBackFromAThreadOfItsOwn()
    {
        _calls.Run(() => Thread.CurrentThread.IsThreadPoolThread).ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => _calls.Run<int>(() => throw new InvalidDataException("x"))).Message.ShouldBe("x");
    }

    [Fact]
    public async Task Run_CallsThatHang_AreGivenUpAndAfterFourItIsNotCalledUntilOneComesBack()
    {
        using var gate = new ManualResetEventSlim();
        int begun = 0;
        bool Hang()
        {
            Interlocked.Increment(ref begun);
            gate.Wait();
            return true;
        }

        CodeStuckException[] given = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Should.Throw<CodeStuckException>(() => _calls.Run(Hang)))));
        given.ShouldAllBe(e => e.Message == "It did not come back within 0.2 s.");

        Should.Throw<CodeStuckException>(() => _calls.Run(Hang)).Message
            .ShouldBe("4 calls of it have not come back, so it is not called until one of them does, or it is loaded anew.");
        begun.ShouldBe(4);

        gate.Set();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!Works())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task RunAsync_CallThatHangs_IsGivenUp()
    {
        using var gate = new ManualResetEventSlim();
        (await _calls.RunAsync(() => 7)).ShouldBe(7);

        (await Should.ThrowAsync<CodeStuckException>(() => _calls.RunAsync(() =>
        {
            gate.Wait();
            return 1;
        }))).Message.ShouldBe("It did not come back within 0.2 s.");
        gate.Set();
    }

    [Fact]
    public async Task LogIn_LoginThatWaitsForEver_IsGivenUpWithItsTokenCancelled()
    {
        var cancelled = new TaskCompletionSource();
        async ValueTask<int> Login(CancellationToken token)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult();
            token.ThrowIfCancellationRequested();
            return 1;
        }

        (await Should.ThrowAsync<CodeStuckException>(() => _calls.LogInAsync(Login, default))).Message.ShouldBe("It did not come back within 0.2 s.");
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task LogIn_LoginThatBlocks_IsGivenUp()
    {
        using var gate = new ManualResetEventSlim();
        ValueTask<int> Login(CancellationToken token)
        {
            gate.Wait(CancellationToken.None);
            return new(1);
        }

        (await Should.ThrowAsync<CodeStuckException>(() => _calls.LogInAsync(Login, default))).Message.ShouldBe("It did not come back within 0.2 s.");
        gate.Set();
    }

    private bool Works()
    {
        try
        {
            return _calls.Run(() => true);
        }
        catch (CodeStuckException)
        {
            return false;
        }
    }
}
