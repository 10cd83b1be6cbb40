using System.Threading.Channels;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Tells when files under some folders have changed and then kept still for a moment: editors write a file in several steps.</summary>
internal sealed class FolderWatch : IDisposable
{
    private static readonly TimeSpan Stillness = TimeSpan.FromMilliseconds(150);
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly TimeProvider _time;

    public FolderWatch(TimeProvider time, params ReadOnlySpan<string> folders)
    {
        _time = time;
        foreach (string folder in folders)
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Changed += Changed;
            watcher.Created += Changed;
            watcher.Deleted += Changed;
            watcher.Renamed += Changed;
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    /// <summary>Waits for a change.</summary>
    /// <returns>The files that changed.</returns>
    public async Task<IReadOnlyCollection<string>> NextAsync(CancellationToken cancellationToken)
    {
        var changed = new SortedSet<string>(StringComparer.Ordinal) { await _changes.Reader.ReadAsync(cancellationToken) };
        while (true)
        {
            await Task.Delay(Stillness, _time, cancellationToken);
            bool isStill = true;
            while (_changes.Reader.TryRead(out string? more))
            {
                changed.Add(more);
                isStill = false;
            }
            if (isStill)
            {
                return changed;
            }
        }
    }

    public void Dispose() => _watchers.ForEach(w => w.Dispose());

    private void Changed(object sender, FileSystemEventArgs change) => _changes.Writer.TryWrite(change.FullPath);
}
