using System.Diagnostics;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public sealed class GroupWriterTests
{
    private readonly Disk _disk = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disk_ThatCannotBeWritten_IsTriedEachSecondUntilItCan()
    {
        await using var writer = new GroupWriter<Session>(new Session(_disk), () => new Session(_disk));
        await writer.RunAsync(_ => 1, Stop, canWait: true);
        writer.Trouble.ShouldBeNull();
        _disk.FailsLeft = 3;

        long first = await _disk.NextFailureAsync();
        _disk.Opened.ShouldBe(0, "the commit that was to sync the disk failed");
        long second = await _disk.NextFailureAsync();
        writer.Trouble.ShouldBe("disk full");
        long third = await _disk.NextFailureAsync();
        await _disk.NextCommitAsync();

        Stopwatch.GetElapsedTime(first, third).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.5), "nobody asks, so there is time");
        Stopwatch.GetElapsedTime(second, third).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.7));
        (await writer.RunAsync(_ => 2, Stop)).ShouldBe(2);
        writer.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task Writer_ThatIsClosed_IsInTrouble()
    {
        var writer = new GroupWriter<Session>(new Session(_disk), () => new Session(_disk));
        await writer.DisposeAsync();

        writer.Trouble.ShouldBe("The store is closed.");
    }

    private sealed class Disk
    {
        private readonly System.Threading.Channels.Channel<long> _failures = System.Threading.Channels.Channel.CreateUnbounded<long>();
        private readonly System.Threading.Channels.Channel<long> _commits = System.Threading.Channels.Channel.CreateUnbounded<long>();

        public int FailsLeft { get; set; }

        public int Opened { get; set; }

        public Task<long> NextFailureAsync() => _failures.Reader.ReadAsync(Stop).AsTask();

        /// <summary>The next commit behind the ones that failed.</summary>
        public Task<long> NextCommitAsync() => _commits.Reader.ReadAsync(Stop).AsTask();

        public void Write()
        {
            if (FailsLeft > 0)
            {
                FailsLeft--;
                _failures.Writer.TryWrite(Stopwatch.GetTimestamp());
                throw new IOException("disk full");
            }
            _commits.Writer.TryWrite(Stopwatch.GetTimestamp());
        }
    }

    private sealed class Session(Disk disk) : IWriteSession
    {
        public bool IsSpent => false;

        public bool CanRelax => true;

        public void SyncCommits(bool value) => ArgumentNullException.ThrowIfNull(disk);

        public void BeginLogAnew() => disk.Opened++;

        public void Touch() => ArgumentNullException.ThrowIfNull(disk);

        public void Begin() => ArgumentNullException.ThrowIfNull(disk);

        public void Mark() => ArgumentNullException.ThrowIfNull(disk);

        public bool TryUndo() => true;

        public void Rollback() => ArgumentNullException.ThrowIfNull(disk);

        public void Commit() => disk.Write();

        public bool IsOfTheStore(Exception exception) => true;

        public void Dispose() => ArgumentNullException.ThrowIfNull(disk);
    }
}
