namespace Aria.Pipelines.Faults.Campaigns.FaultyCode;

/// <summary>Something that the code of a connector does.</summary>
/// <param name="Name">What the fixture calls it.</param>
/// <param name="EndsTheHost">True when the process does not outlive it.</param>
/// <param name="Code">What its runs end with; null when they succeed.</param>
/// <param name="Variables">Variables of the host.</param>
internal sealed record CodeFault(string Name, bool EndsTheHost, string? Code, IReadOnlyDictionary<string, string> Variables)
{
    private static readonly Dictionary<string, string> None = [];

    // A leak alone harms nobody until there is no memory; after that the code that asks for more is what fails.
    private static readonly Dictionary<string, string> LittleMemory = new() { ["DOTNET_GCHeapHardLimit"] = "0x10000000" };

    /// <summary>Time between two of them. What blocks the pool blocks it for three seconds.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Every fault of the design, those first that are tried with every change.</summary>
    public static IReadOnlyList<CodeFault> All { get; } =
    [
        new("hang", false, "connector_failed", None),
        new("failfast", true, "crash_loop", None),
        new("throw", false, "connector_failed", None),
        new("leak", false, null, LittleMemory),
        new("pool", false, null, None) { Pause = TimeSpan.FromMilliseconds(3200) },
        new("overflow", true, "crash_loop", None),
        new("exit", true, "crash_loop", None),
    ];
}
