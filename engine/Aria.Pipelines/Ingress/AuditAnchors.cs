using Aria.Pipelines.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Ingress;

/// <summary>Says in the log, which is kept elsewhere, where the audit chain stands, whenever it has grown.</summary>
internal sealed partial class AuditAnchors(IStore store, TimeProvider time, ILogger<AuditAnchors> log) : BackgroundService
{
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    private AuditAnchor? _said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Apart, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await SayAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Says it once, unless it was said before.</summary>
    public async Task SayAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await store.Audit.FindAnchorAsync(cancellationToken).ConfigureAwait(false) is { } anchor && anchor != _said)
            {
                LogAnchor(log, anchor);
                _said = anchor;
            }
        }
        catch (StoreUnavailableException)
        {
            // Whoever writes says that the store is away; the chain is named at the next turn.
            return;
        }
    }

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information, Message = "The audit chain stands at {Anchor}; 'aria audit verify --anchor {Anchor}' shows later that nothing before was taken away")]
    private static partial void LogAnchor(ILogger log, AuditAnchor anchor);
}
