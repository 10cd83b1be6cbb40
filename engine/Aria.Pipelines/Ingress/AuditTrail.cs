using System.Threading.Channels;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Ingress;

/// <summary>
/// Writes what was refused, broken off or lacking to the audit chain, behind the answer: whoever sends rubbish must not make the host wait for its
/// disk. What comes faster than it can be written is counted and not kept.
/// </summary>
internal sealed partial class AuditTrail(IStore store, ILogger<AuditTrail> log) : BackgroundService
{
    private const int Capacity = 1024;
    private const int Batch = 100;

    private readonly Channel<AuditEntry> _entries = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <returns>False when it could not be taken.</returns>
    public bool TryAdd(AuditEntry entry) => _entries.Writer.TryWrite(entry);

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _entries.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<AuditEntry>(Batch);
        // What was taken is written even while the host stops: the channel ends then.
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < Batch && _entries.Reader.TryRead(out AuditEntry? entry))
            {
                batch.Add(entry);
            }
            try
            {
                await store.Audit.AppendAsync(batch, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                LogLost(log, batch.Count, e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 1010, Level = LogLevel.Error, Message = "{Count} refused or aborted deliveries or missing secrets could not be written to the audit chain: {Trouble}")]
    private static partial void LogLost(ILogger log, int count, string trouble);
}
