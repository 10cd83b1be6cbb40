using System.Threading.Channels;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Catalog;

/// <summary>
/// Puts changed definitions in force while the host runs: waits until the files are quiet, compiles all of them, and swaps the whole set when
/// it has no errors. A set with errors is reported, and the last good one stays. Connectors whose files have changed are loaded anew.
/// </summary>
internal sealed partial class CatalogWatcher(PipelineCatalog catalog, WatchedWorkspace workspace, TimeProvider time, ILogger<CatalogWatcher> log) : BackgroundService
{
    /// <summary>Editors and checkouts write in several steps; this long without a change means they are done.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    // However busy the folder is, changes come into force within a second.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string _judged = workspace.Fingerprint;
    private IReadOnlyDictionary<string, string> _connectors = workspace.Installed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!Directory.Exists(workspace.Folder))
            {
                // It may have gone between two looks: that has to be said, once.
                await TryReloadAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            try
            {
                using Watchers files = Watch();
                // What changed before the watching began.
                Raise();
                await FollowAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Judges changes for as long as the folder exists; one that is made again needs a new watcher.</summary>
    private async Task FollowAsync(CancellationToken stopping)
    {
        // A folder that was deleted and made again between two looks is another one, of which this watcher hears nothing.
        DateTime made = Directory.GetCreationTimeUtc(workspace.Folder);
        while (Directory.Exists(workspace.Folder) && Directory.GetCreationTimeUtc(workspace.Folder) == made)
        {
            await _changes.Reader.WaitToReadAsync(stopping).ConfigureAwait(false);
            await SettleAsync(stopping).ConfigureAwait(false);
            // Also when the folder went away meanwhile: that it is gone has to be said.
            while (!await TryReloadAsync(stopping).ConfigureAwait(false))
            {
                await Task.Delay(RetryDelay, time, stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task SettleAsync(CancellationToken stopping)
    {
        long began = time.GetTimestamp();
        do
        {
            // Taken before anything is read: a change from here on is judged again.
            _changes.Reader.TryRead(out _);
            await Task.Delay(Quiet, time, stopping).ConfigureAwait(false);
        }
        while (_changes.Reader.TryPeek(out _) && time.GetElapsedTime(began) < LongestWait);
    }

    /// <summary>Judges the folder as it is.</summary>
    /// <returns>False when it could not be judged and must be looked at again.</returns>
    private async Task<bool> TryReloadAsync(CancellationToken stopping)
    {
        try
        {
            string seen = workspace.FingerprintNow();
            if (seen == _judged)
            {
                return true;
            }
            IReadOnlyDictionary<string, string> connectors = WatchedWorkspace.ConnectorsOf(workspace.Connectors);
            Workspace compiled = workspace.Compile();
            if (workspace.FingerprintNow() != seen)
            {
                // Written to while it was read: what was compiled never stood there as a whole.
                Raise();
                return true;
            }
            await JudgeAsync(compiled, connectors, stopping).ConfigureAwait(false);
            _judged = seen;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreUnavailableException)
        {
            LogNotRead(log, workspace.Folder, e);
            return false;
        }
    }

    private async Task JudgeAsync(Workspace compiled, IReadOnlyDictionary<string, string> connectors, CancellationToken stopping)
    {
        List<Diagnostic> errors = [.. compiled.Findings.Where(f => f.Severity == DiagnosticSeverity.Error)];
        if (errors.Count > 0)
        {
            foreach (Diagnostic finding in errors)
            {
                LogFinding(log, finding);
            }
            LogKept(log, errors.Count);
            return;
        }
        IReadOnlyDictionary<string, Pipeline> before = catalog.Current.Pipelines;
        await catalog.LoadAsync(compiled, stopping).ConfigureAwait(false);
        string changes = Changes(before, catalog.Current.Pipelines, _connectors, connectors);
        _connectors = connectors;
        LogReloaded(log, compiled.Pipelines.Count, compiled.Connections.Count, changes);
    }

    private static string Changes(
        IReadOnlyDictionary<string, Pipeline> before, IReadOnlyDictionary<string, Pipeline> after, IReadOnlyDictionary<string, string> connectorsBefore, IReadOnlyDictionary<string, string> connectors)
    {
        IEnumerable<string> code = connectors.Where(c => connectorsBefore.GetValueOrDefault(c.Key) != c.Value).Select(c => $"{(connectorsBefore.ContainsKey(c.Key) ? "changed" : "new")} connector {c.Key}")
            .Concat(connectorsBefore.Keys.Where(name => !connectors.ContainsKey(name)).Select(name => $"removed connector {name}"));
        IEnumerable<string> changed = after.Values.Where(p => before.GetValueOrDefault(p.Id)?.Hash != p.Hash).Select(p => $"{(before.ContainsKey(p.Id) ? "changed" : "new")} {p.Id}@{p.Hash[..8]}");
        IEnumerable<string> removed = before.Keys.Where(id => !after.ContainsKey(id)).Select(id => $"removed {id}");
        string[] all = [.. changed.Concat(removed).Concat(code).Order(StringComparer.Ordinal)];
        return all.Length == 0 ? "no pipeline changed" : string.Join(", ", all);
    }

    private Watchers Watch()
    {
        var watchers = new Watchers();
        foreach (string folder in workspace.Connectors.Where(Directory.Exists).Prepend(workspace.Folder))
        {
            watchers.Add(Watch(folder));
        }
        return watchers;
    }

    private FileSystemWatcher Watch(string folder)
    {
        var files = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
        files.Changed += (_, _) => Raise();
        files.Created += (_, _) => Raise();
        files.Deleted += (_, _) => Raise();
        files.Renamed += (_, _) => Raise();
        // Too many changes to list, or the folder went away: look at all of it.
        files.Error += (_, _) => Raise();
        files.EnableRaisingEvents = true;
        return files;
    }

    private void Raise() => _changes.Writer.TryWrite(true);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Definitions were reloaded: {Pipelines} pipelines, {Connections} connections; {Changes}")]
    private static partial void LogReloaded(ILogger log, int pipelines, int connections, string changes);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "Changed definitions have {Errors} errors; the last good set stays in force")]
    private static partial void LogKept(ILogger log, int errors);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "{Finding}")]
    private static partial void LogFinding(ILogger log, Diagnostic finding);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "Changed definitions in {Folder} could not be taken over yet and are looked at again; the last good set stays in force")]
    private static partial void LogNotRead(ILogger log, string folder, Exception error);

    private sealed class Watchers : List<FileSystemWatcher>, IDisposable
    {
        public void Dispose() => ForEach(w => w.Dispose());
    }
}
