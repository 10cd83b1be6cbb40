using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Control;

namespace Aria.Pipelines.EndToEnd.Tests.Support;

/// <summary>The host as a process of its own, which a test may kill at any moment.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "aria.dll");

    public Uri Address { get; }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts <c>aria run</c> and waits until it says that it is ready.</summary>
    public static async Task<HostProcess> StartAsync(LoopWorkspace workspace, IReadOnlyDictionary<string, string> secrets, int port)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        EngineOptions options = workspace.Options;
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (string argument in (string[])[Executable, "run", "--workspace", options.Workspace, "--plugins", options.Plugins, "--data", options.Data, "--store", options.Store, "--environment", options.Environment, "--urls", address.ToString()])
        {
            start.ArgumentList.Add(argument);
        }
        foreach ((string name, string value) in secrets)
        {
            start.Environment[$"ARIA_SECRET_{options.Environment.ToUpperInvariant()}_{name.ToUpperInvariant().Replace('-', '_')}"] = value;
        }
        var host = new HostProcess(Process.Start(start)!, address);
        using var http = new HttpClient();
        await Eventually.GetAsync(
            async () =>
            {
                host._process.HasExited.ShouldBeFalse(host.Log);
                try
                {
                    return (await http.GetAsync(new Uri(address, "/health/ready"))).StatusCode == HttpStatusCode.OK ? "ready" : null;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                    return null;
                }
            },
            "the host is ready");
        return host;
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Kills it with SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>The runs it knows, once they satisfy the condition.</summary>
    public static async Task<JsonArray> RunsAsync(string data, Func<JsonArray, bool> condition, string what) => await Eventually.GetAsync(
        async () =>
        {
            using var client = new ControlClient(data);
            (_, JsonNode runs) = await client.AskAsync(HttpMethod.Get, "runs", default);
            return condition(runs.AsArray()) ? runs.AsArray() : null;
        },
        what);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
