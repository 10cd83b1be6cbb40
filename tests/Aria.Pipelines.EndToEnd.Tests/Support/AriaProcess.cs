using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Aria.Pipelines.EndToEnd.Tests.Support;

/// <summary>The host as a process, started in the repository's root without any secret of the machine.</summary>
internal sealed class AriaProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AriaProcess(IReadOnlyDictionary<string, string> environment, string[] arguments, string input = "", bool isTyped = false)
    {
        string program = Path.Combine(Repository.Root, "artifacts/bin/Aria.Pipelines.Host", new DirectoryInfo(AppContext.BaseDirectory).Name, "aria.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root, RedirectStandardInput = true };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("ARIA_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!isTyped)
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
    }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => await RunAsync(new Dictionary<string, string>(), arguments);

    public static async Task<(int Code, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var process = new AriaProcess(environment, arguments);
        int code = await process.EndAsync();
        return (code, process.Output, process.Errors);
    }

    /// <summary>Runs a verb that asks, with the answers on its standard input.</summary>
    public static async Task<(int Code, string Output, string Errors)> AnswerAsync(string answers, params string[] arguments)
    {
        await using var process = new AriaProcess(new Dictionary<string, string>(), arguments, answers);
        int code = await process.EndAsync();
        return (code, process.Output, process.Errors);
    }

    /// <summary>Starts a verb that goes on until it is stopped.</summary>
    public static AriaProcess Begin(params string[] arguments) => new(new Dictionary<string, string>(), arguments, isTyped: true);

    /// <summary>Types a line.</summary>
    public void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Starts a host and waits until it listens.</summary>
    public static async Task<(AriaProcess Host, Uri Address)> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var process = new AriaProcess(environment, arguments);
        Task ended = process._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(process._listening.Task, ended) == ended)
        {
            throw new InvalidOperationException($"The host ended: {process.Errors}");
        }
        return (process, await process._listening.Task);
    }

    /// <summary>Asks the process to stop, as a service manager does, and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        Kill(_process.Id, 15).ShouldBe(0);
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    private void Add(StringBuilder builder, string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (builder)
        {
            builder.AppendLine(line);
        }
        const string told = "Now listening on: ";
        int at = line.IndexOf(told + "http://127", StringComparison.Ordinal);
        if (at >= 0)
        {
            _listening.TrySetResult(new Uri(line[(at + told.Length)..].Split('"', ',')[0]));
        }
    }
}
