using System.Diagnostics;

namespace Aria.Pipelines.Bench.Load;

/// <summary>The bare floor, as a process.</summary>
internal sealed class FloorPeer : Peer
{
    private const int Port = 19180;
    private readonly string _journal = Path.Combine(Directory.CreateTempSubdirectory("aria-bench-floor").FullName, "journal");
    private Process? _process;

    public override string Name => "floor";

    public override Uri Url { get; } = new($"http://127.0.0.1:{Port}/hook");

    public override string? Missing => null;

    public override IReadOnlyList<int> Processes => _process is null ? [] : [_process.Id];

    public override void Start() => _process = Launch(
        Environment.ProcessPath!,
        new Dictionary<string, string> { ["DOTNET_gcConcurrent"] = "0" },
        "floor", "--port", Number(Port), "--target", new Uri(Sink, "/invite").ToString(), "--secret", Secret, "--journal", _journal);

    public override void Clean()
    {
        End(_process);
        _process = null;
        File.Delete(_journal);
    }

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(Path.GetDirectoryName(_journal)!, recursive: true);
    }
}
