using System.Globalization;

namespace Aria.Pipelines.Bench.Load;

/// <summary>What to measure, and for how long.</summary>
internal sealed record LoadOptions
{
    /// <summary>Connections of the generator.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Before anything is counted: until the code is compiled.</summary>
    public TimeSpan Warm { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Each measurement.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many events to warm up and so many at saturation, instead of times: on a busy machine both see the same code. Null for times.</summary>
    public long? Events { get; init; }

    /// <summary>How often the whole list is gone through.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Which measurements: cold, saturation, rate, sync, kill.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string> { "cold", "saturation", "rate", "sync", "kill" };

    /// <summary>Peers in order.</summary>
    public IReadOnlyList<Peer> Peers { get; init; } = [];

    /// <exception cref="FormatException">An argument is not what it should be.</exception>
    public static LoadOptions Read(string[] args)
    {
        string root = RepositoryRoot();
        string host = Option(args, "--host") ?? Path.Combine(root, "artifacts", "publish", "Aria.Pipelines.Host", "release_linux-x64", "aria");
        List<Peer> peers = [new FloorPeer(), new AriaPeer("aria", host, root, new Dictionary<string, string>())];
        foreach (string variant in All(args, "--variant"))
        {
            string[] parts = variant.Split('=', 3);
            peers.Add(new AriaPeer(parts[0], host, root, new Dictionary<string, string> { [parts[1]] = parts[2] }));
        }
        foreach (string other in All(args, "--other"))
        {
            string[] parts = other.Split('=', 2);
            peers.Add(new AriaPeer(parts[0], parts[1], root, new Dictionary<string, string>()));
        }
        foreach (string script in All(args, "--peer"))
        {
            string[] parts = script.Split('=', 2);
            string[] place = parts[1].Split(':', 2);
            peers.Add(new ScriptPeer(parts[0], Path.GetFullPath(place[0]), place.Length > 1 ? place[1] : ""));
        }
        var defaults = new LoadOptions();
        return new LoadOptions
        {
            Connections = Option(args, "--connections") is { } connections ? int.Parse(connections, CultureInfo.InvariantCulture) : defaults.Connections,
            Warm = Seconds(args, "--warm") ?? defaults.Warm,
            Duration = Seconds(args, "--duration") ?? defaults.Duration,
            Events = Option(args, "--events") is { } events ? long.Parse(events, CultureInfo.InvariantCulture) : null,
            Rounds = Option(args, "--rounds") is { } rounds ? int.Parse(rounds, CultureInfo.InvariantCulture) : defaults.Rounds,
            Only = Option(args, "--only") is { } only ? only.Split(',').ToHashSet() : defaults.Only,
            Peers = Option(args, "--without") is { } without ? [.. peers.Where(p => !without.Split(',').Contains(p.Name))] : peers,
        };
    }

    private static TimeSpan? Seconds(string[] args, string name) =>
        Option(args, name) is { } text ? TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture)) : null;

    private static string? Option(string[] args, string name) => All(args, name).FirstOrDefault();

    private static IEnumerable<string> All(string[] args, string name) => args.Zip(args.Skip(1)).Where(p => p.First == name).Select(p => p.Second);

    private static string RepositoryRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Aria.Pipelines.sln")))
        {
            at = at.Parent;
        }
        return at?.FullName ?? throw new DirectoryNotFoundException("The benchmark runs from a build within the repository.");
    }
}
