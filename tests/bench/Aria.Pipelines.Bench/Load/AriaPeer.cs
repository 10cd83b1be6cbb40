using System.Diagnostics;
using System.Security.Cryptography;

namespace Aria.Pipelines.Bench.Load;

/// <summary>Our host, with full history, ledger and encryption.</summary>
internal sealed class AriaPeer : Peer
{
    private const int Port = 19170;
    private const string EnvironmentName = "bench";

    private readonly string _host;
    private readonly string _folder = Directory.CreateTempSubdirectory("aria-bench").FullName;
    private readonly Dictionary<string, string> _environment;
    private Process? _process;

    /// <param name="name">What it is called in the results.</param>
    /// <param name="host">The published <c>aria</c>, or <c>aria.dll</c>.</param>
    /// <param name="root">The repository.</param>
    /// <param name="environment">Variables for the host, beside its secrets.</param>
    public AriaPeer(string name, string host, string root, IReadOnlyDictionary<string, string> environment)
    {
        Name = name;
        _host = host;
        _environment = new Dictionary<string, string>(environment)
        {
            ["ARIA_SECRET_BENCH_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["ARIA_SECRET_BENCH_GREENHOUSE_WEBHOOK"] = Secret,
            ["ARIA_SECRET_BENCH_UNUSED"] = "unused",
        };
        JobWorkspace.Write(_folder, root, EnvironmentName, Sink);
    }

    public override string Name { get; }

    public override Uri Url { get; } = new($"http://127.0.0.1:{Port}/hooks/greenhouse");

    public override string? Missing => File.Exists(_host) ? null : $"'{_host}' does not exist: publish the host first, or give --host";

    public override IReadOnlyList<int> Processes => _process is null ? [] : [_process.Id];

    private string Data => Path.Combine(_folder, "data");

    public override void Start()
    {
        string[] arguments =
        [
            "run", "--workspace", Path.Combine(_folder, "workspace"), "--plugins", Path.Combine(_folder, "plugins"),
            "--data", Data, "--environment", EnvironmentName, "--urls", $"http://127.0.0.1:{Port}", "--deliveries-per-second", "1000000",
        ];
        _process = _host.EndsWith(".dll", StringComparison.Ordinal) ? Launch("dotnet", _environment, [_host, .. arguments]) : Launch(_host, _environment, arguments);
    }

    public override void Clean()
    {
        End(_process);
        _process = null;
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
