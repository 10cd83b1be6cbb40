using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Ingress;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>
/// The engine with one connection and one pipeline that is started by a feed of it; what it knows is in a folder. It is closed and opened
/// again, or ends while a request is under way: then the folder is what it was at that moment.
/// </summary>
internal sealed class FeedHost : IAsyncDisposable
{
    private const string Environment = "feeds";
    private readonly MasterKey _key = MasterKey.Ephemeral();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-feeds-");
    private readonly InterruptedPath _path = new();
    private readonly HashSet<string> _read = [];
    private readonly FakeTimeProvider _time;
    private readonly PolledAccount _account;
    private readonly string _event;
    private int _version;
    private LocalEngine _engine = null!;

    private FeedHost(PolledFeed feed, PolledAccount account, FakeTimeProvider time)
    {
        (_account, _time, _event) = (account, time, feed.Event);
        CopyConnector(feed.Connector);
        JsonObject settings = account.Settings;
        foreach ((string name, JsonNode? value) in JsonNode.Parse(feed.Settings)!.AsObject())
        {
            settings[name] = value?.DeepClone();
        }
        var connection = new JsonObject
        {
            ["connector"] = feed.Connector,
            ["settings"] = settings,
            // The stand-in keeps its own limit; ours would only make the test wait.
            ["limits"] = new JsonObject { ["requests"] = 100_000, ["per"] = "1s" },
        };
        if (account.Trust is { } trust)
        {
            connection["trust"] = trust;
        }
        Write("pipelines/connections/ats.json", connection.ToJsonString());
        Write($"pipelines/environments/{Environment}.json", """{ "allowLoopback": true, "allowPlainHttp": true }""");
        Publish();
    }

    /// <summary>What happens elsewhere while a request is on its way; null for nothing.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>How the feed stands.</summary>
    public PollStatus Status => Loop.Status.Single(s => !s.Cursor.EndsWith(" backfill", StringComparison.Ordinal));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PollLoop Loop => _engine.Services.GetRequiredService<PollLoop>();

    private string Data => Path.Combine(_folder.FullName, "data");

    public static async Task<FeedHost> StartAsync(PolledFeed feed, PolledAccount account, FakeTimeProvider time)
    {
        var host = new FeedHost(feed, account, time);
        await host.OpenAsync();
        return host;
    }

    /// <summary>Reads what is due.</summary>
    public async Task ReadAsync()
    {
        _path.Request = (_, send) =>
        {
            Meanwhile?.Invoke();
            return send();
        };
        await Task.WhenAll(Loop.StartDue(Stop));
    }

    /// <summary>Reads what is due and ends at a request, before or after the source has answered it; begins again with what the folder held then.</summary>
    /// <param name="request">How many requests come to their end before.</param>
    /// <param name="answered">True when the source still answers: what it gave away is gone.</param>
    /// <returns>True when it came so far.</returns>
    public async Task<bool> EndWhileReadingAsync(int request, bool answered)
    {
        string image = Path.Combine(_folder.FullName, "image");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _path.Request = async (_, send) =>
        {
            if (request-- > 0)
            {
                return await send();
            }
            Copy(Data, image);
            if (answered)
            {
                await send();
            }
            await end.CancelAsync();
            throw new OperationCanceledException(end.Token);
        };
        await Task.WhenAll(Loop.StartDue(end.Token));
        if (!end.IsCancellationRequested)
        {
            return false;
        }
        await _engine.DisposeAsync();
        Directory.Delete(Data, recursive: true);
        Directory.Move(image, Data);
        await OpenAsync();
        return true;
    }

    /// <summary>Ends in good order and begins again, with a pipeline that was published anew.</summary>
    public async Task RestartAsync()
    {
        await _engine.DisposeAsync();
        Publish();
        await OpenAsync();
    }

    /// <summary>The events that were not given yet, oldest first.</summary>
    public async Task<IReadOnlyList<FeedNews>> NewsAsync()
    {
        var news = new List<FeedNews>();
        foreach (RunSummary run in (await _engine.Store.ListRunsAsync(new RunQuery(null, null, 1000), Stop)).Reverse().Where(r => _read.Add(r.Id)))
        {
            (string application, string mark) = _account.Read(JsonElement.Parse((await _engine.Store.FindRunAsync(run.Id, Stop))!.Event.Body));
            news.Add(new FeedNews(application, mark, run.ReceivedUtc));
        }
        return news;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _path.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync() => _engine = await LocalEngine.OpenAsync(
        new EngineOptions { Workspace = Path.Combine(_folder.FullName, "pipelines"), Plugins = Path.Combine(_folder.FullName, "plugins"), Data = Data, Environment = Environment },
        new MemorySecretSource(new Dictionary<string, string>(_account.Secrets)),
        _key,
        _time,
        services => services.AddSingleton<IHttpPath>(_path));

    private void Publish()
    {
        JsonObject pipeline = JsonNode.Parse(PollRig.Pipeline.Replace("application.stage_changed", _event, StringComparison.Ordinal))!.AsObject();
        pipeline["description"] = $"Published {++_version} times";
        Write("pipelines/note/pipeline.json", pipeline.ToJsonString());
    }

    /// <summary>Only the connector that is asked for: it is read anew at every start.</summary>
    private void CopyConnector(string connector)
    {
        string source = Directory.EnumerateDirectories(Path.Combine(Plugins.Root, "plugins"))
            .Single(d => Path.Combine(d, "connector.json") is var file && File.Exists(file) && JsonNode.Parse(File.ReadAllText(file))!["connector"]!.GetValue<string>() == connector);
        foreach (string part in (string[])["plugins", "artifacts/plugins"])
        {
            string from = Path.Combine(Plugins.Root, part, Path.GetFileName(source));
            if (Directory.Exists(from))
            {
                Copy(from, Path.Combine(_folder.FullName, part, Path.GetFileName(source)));
            }
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private void Write(string file, string text)
    {
        string path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>The real path out, with a place at which a request can be stopped. Its timeouts are of the real clock: the test's moves by hours.</summary>
    private sealed class InterruptedPath : IHttpPath, IDisposable
    {
        private readonly HttpPath _path = new(TimeProvider.System);

        public Func<ConnectorRequest, Func<Task<HttpAnswer>>, Task<HttpAnswer>> Request { get; set; } = (_, send) => send();

        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
            Request(request, () => _path.SendAsync(request, policy, timeout, cancellationToken));

        public void Dispose() => _path.Dispose();
    }
}
