using System.Diagnostics;
using System.Globalization;
using Aria.Pipelines.Faults.Rig;
using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F6: another process holds the store's write lock. A delivery waits five seconds, then it is answered 503, and afterwards all goes on. A second host is refused.</summary>
internal sealed class LockCampaign : Campaign
{
    private const int Events = 10;
    private static readonly TimeSpan[] Locked = [TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)];

    // Five of the store, and the rest for a machine that does other work.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    public override string Id => "F6";

    public override string Title => "store locked by another process for 0.1, 3 and 30 s";

    public override int FullCount => 60;

    public override int CiCount => 2;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, settings.Count), options, async (number, token) =>
            await TrialAsync(Locked[number % Locked.Length], settings.Seed, tally, token));
        await SecondHostAsync(settings.Seed, tally, cancellationToken);
    }

    private static async Task TrialAsync(TimeSpan locked, long seed, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        List<int> answers = [];
        using Sender sender = bed.NewSender((_, status, _) => answers.Add(status));
        IReadOnlyList<Order> orders = Order.Mix(Events, bed.Canaries.Person);
        await sender.SendAsync(orders.Take(Events / 2), cancellationToken);
        answers.Clear();
        using (SqliteConnection other = Take(bed.StoreFile))
        {
            Task holding = Task.Delay(locked, TimeProvider.System, cancellationToken);
            Task<(Acknowledgement? Acknowledgement, TimeSpan Took)> told = SendTimedAsync(sender, orders[Events / 2], cancellationToken);
            await holding;
            Execute(other, "ROLLBACK");
            (Acknowledgement? acknowledgement, TimeSpan took) = await told;
            string what = string.Create(CultureInfo.InvariantCulture, $"Locked for {locked.TotalSeconds} s: answered {string.Join(", ", answers)} after {took.TotalSeconds:0.0} s");
            bool isShort = locked < LongestWait;
            tally.Demand(isShort ? acknowledgement is not null : answers is [503], seed, what);
            tally.Demand(took < (isShort ? locked : LongestWait) + LongestAnswer, seed, what);
        }
        tally.Trial();
        tally.Fault();
        await sender.SendAsync(orders.Skip(Events / 2), cancellationToken);
        long unlocked = Stopwatch.GetTimestamp();
        await Checker.WhenAtRestAsync(bed.StoreFile, TimeSpan.FromMinutes(5), cancellationToken);
        TimeSpan drained = Stopwatch.GetElapsedTime(unlocked);
        if (drained > TimeSpan.FromMinutes(1))
        {
            tally.Note(string.Create(CultureInfo.InvariantCulture, $"after {locked.TotalSeconds} s of lock the last run came to rest after {drained.TotalSeconds:0} s"));
        }
        await bed.SettleAsync(host, tally, seed, cancellationToken);
    }

    private static async Task<(Acknowledgement? Acknowledgement, TimeSpan Took)> SendTimedAsync(Sender sender, Order order, CancellationToken cancellationToken)
    {
        long asked = Stopwatch.GetTimestamp();
        Acknowledgement? acknowledgement = await sender.SendOnceAsync(order, cancellationToken);
        return (acknowledgement, Stopwatch.GetElapsedTime(asked));
    }

    private static async Task SecondHostAsync(long seed, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        EngineHost first = await bed.StartReadyAsync(cancellationToken);
        EngineHost second = bed.Start(new HostStart { Port = Testbed.FreePort() });
        bool ended = await second.WhenEndedAsync(TimeSpan.FromSeconds(60), cancellationToken);
        tally.Demand(
            ended && second.ExitCode == 1 && bed.Log.Contains("is in use", StringComparison.Ordinal),
            seed,
            $"A second host on the same data was not refused: {(ended ? $"exit code {second.ExitCode}" : "it runs")}; {bed.Log}");
        await bed.NewSender().SendAsync(Order.Mix(Events, bed.Canaries.Person), cancellationToken);
        await bed.SettleAsync(first, tally, seed, cancellationToken);
    }

    private static SqliteConnection Take(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        Execute(connection, "PRAGMA busy_timeout = 30000; PRAGMA wal_autocheckpoint = 0; BEGIN IMMEDIATE");
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
