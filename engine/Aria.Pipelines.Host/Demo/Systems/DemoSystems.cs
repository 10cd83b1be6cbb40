namespace Aria.Pipelines.Host.Demo.Systems;

/// <summary>The systems that the demo knows, by the name of their connector.</summary>
internal static class DemoSystems
{
    private static readonly Dictionary<string, Func<DemoClock, CancellationToken, Task<DemoSystem>>> Starts = new(StringComparer.Ordinal)
    {
        [GreenhouseDemo.Connector] = GreenhouseDemo.StartAsync,
        [WorkdayDemo.Connector] = WorkdayDemo.StartAsync,
        [LeverDemo.Connector] = LeverDemo.StartAsync,
        [SmartRecruitersDemo.Connector] = SmartRecruitersDemo.StartAsync,
        [ICimsDemo.Connector] = ICimsDemo.StartAsync,
        [BambooHRDemo.Connector] = BambooHRDemo.StartAsync,
        [BullhornDemo.Connector] = BullhornDemo.StartAsync,
    };

    /// <summary>The one that the demo runs when none is named.</summary>
    public const string Default = GreenhouseDemo.Connector;

    /// <summary>All names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Starts.Keys];

    /// <summary>Starts the stand-in of a system.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="clock">The clock of the demo; a system that is polled may let the time to the next poll pass.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<DemoSystem> StartAsync(string name, DemoClock clock, CancellationToken cancellationToken) => Starts[name](clock, cancellationToken);
}
