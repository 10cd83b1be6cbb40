using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>One pipeline from its file to the requests that a remote system gets, on a clock that the test moves.</summary>
internal sealed class RunRig : IAsyncDisposable
{
    /// <summary>Id of the pipeline.</summary>
    public const string Pipeline = "mine";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-runs-");
    private readonly MasterKey _key = MasterKey.Ephemeral();

    private RunRig(RemoteServer remote) => Remote = remote;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    public RemoteServer Remote { get; }

    public LocalEngine Engine { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="connector">The connector 'remote', whose setting 'baseUrl' is given.</param>
    /// <param name="pipeline">The pipeline, which calls an account of it 'remote'.</param>
    /// <param name="answer">How the remote system answers.</param>
    public static async Task<RunRig> StartAsync(string connector, string pipeline, Func<SeenRequest, HttpResponse, Task> answer)
    {
        var rig = new RunRig(await RemoteServer.StartAsync(answer));
        rig.Write("plugins/remote/connector.json", connector);
        rig.Write($"pipelines/{Pipeline}/pipeline.json", pipeline);
        rig.Write("pipelines/connections/remote.json", new JsonObject { ["connector"] = "remote", ["settings"] = new JsonObject { ["baseUrl"] = rig.Remote.Url } }.ToJsonString());
        rig.Write("pipelines/environments/test.json", """{ "allowLoopback": true, "allowPlainHttp": true }""");
        await rig.OpenAsync();
        return rig;
    }

    /// <summary>Takes what is due now, once.</summary>
    public Task LeaseAsync() => BreakOffAsync(CancellationToken.None);

    /// <summary>Takes what is due now, and leaves it where it is when <paramref name="abort"/> is cancelled, as the end of a process does.</summary>
    public async Task BreakOffAsync(CancellationToken abort)
    {
        foreach (RunLease lease in await Engine.Store.LeaseRunsAsync("test", Time.GetUtcNow(), TimeSpan.FromMinutes(3), 9, [], Stop))
        {
            await Engine.Executor.ExecuteAsync(lease, CancellationToken.None, abort);
        }
    }

    /// <summary>The only run.</summary>
    public async Task<RunDetail> RunAsync() =>
        (await Engine.Store.FindRunAsync((await Engine.Store.ListRunsAsync(new RunQuery(null, null, 9), Stop)).ShouldHaveSingleItem().Id, Stop))!;

    /// <summary>The host ends and starts again.</summary>
    public async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Remote.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync() => Engine = await LocalEngine.OpenAsync(
        new EngineOptions { Workspace = At("pipelines"), Plugins = At("plugins"), Data = At("data"), Environment = "test" }, new MemorySecretSource(new Dictionary<string, string>()), _key, Time);

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
