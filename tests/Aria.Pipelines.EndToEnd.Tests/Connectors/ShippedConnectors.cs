using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Demo.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

// One line for each connector that is shipped.
public sealed class AriaBehaviour() : ConnectorSystemBehaviour(Shipped.At("Aria"), AriaStand.StartAsync);

public sealed class SampleBehaviour() : ConnectorSystemBehaviour(Shipped.At("Sample"), SampleStand.StartAsync);

public sealed class GreenhouseBehaviour() : ConnectorSystemBehaviour(Shipped.At("Greenhouse"), () => DemoStand.StartAsync("greenhouse"));

public sealed class ICimsBehaviour() : ConnectorSystemBehaviour(Shipped.At("ICims"), () => DemoStand.StartAsync("icims"));

public sealed class SmartRecruitersBehaviour() : ConnectorSystemBehaviour(Shipped.At("SmartRecruiters"), () => DemoStand.StartAsync("smartrecruiters"));

public sealed class WorkdayBehaviour() : ConnectorSystemBehaviour(Shipped.At("Workday"), () => DemoStand.StartAsync("workday"));

public sealed class LeverBehaviour() : ConnectorSystemBehaviour(Shipped.At("Lever"), () => DemoStand.StartAsync("lever"));

public sealed class BambooHRBehaviour() : ConnectorSystemBehaviour(Shipped.At("BambooHR"), () => DemoStand.StartAsync("bamboohr"));

public sealed class BullhornBehaviour() : ConnectorSystemBehaviour(Shipped.At("Bullhorn"), () => DemoStand.StartAsync("bullhorn"));

public sealed class JazzHRBehaviour() : ConnectorSystemBehaviour(Shipped.At("JazzHR"), () => DemoStand.StartAsync("jazzhr"));

/// <summary>JazzHR where Candidate Export is not enabled.</summary>
public sealed class JazzHRPolledBehaviour() : ConnectorSystemBehaviour(Shipped.At("JazzHR"), () => DemoStand.StartAsync((clock, stop) => JazzHRDemo.StartAsync(clock, "poll", stop)));

public sealed class AdpBehaviour() : ConnectorSystemBehaviour(Shipped.At("Adp"), () => DemoStand.StartAsync("adp"));

/// <summary>A connector that nobody holds to the suite is not shipped.</summary>
public sealed class ShippedConnectorsTests
{
    [Fact]
    public void Plugins_EveryFolder_HasItsBehaviourSuite()
    {
        string[] folders = [.. Directory.EnumerateFiles(Repository.Plugins, "connector.json", SearchOption.AllDirectories).Select(f => Path.GetFileName(Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal)];
        string[] held = [.. typeof(ShippedConnectorsTests).Assembly.GetTypes().Where(t => t.IsPublic && t.IsSubclassOf(typeof(ConnectorBehaviour))).Select(t => t.Name[..^"Behaviour".Length]).Order(StringComparer.Ordinal)];

        folders.Except(held).ShouldBeEmpty("add a line to ShippedConnectors.cs");
    }

    [Fact]
    public void Folder_FromAnyFolderAbove_IsFound() => new Held("plugins/Sample").Place.ShouldBe(Shipped.At("Sample"));

    [Fact]
    public void Folder_ThatIsNowhere_SaysWhereItWasLookedFor() =>
        Should.Throw<InvalidOperationException>(() => new Held("plugins/NoSuch")).Message.ShouldStartWith("There is no 'plugins/NoSuch/connector.json' in '");

    private sealed class Held(string folder) : ConnectorBehaviour(folder)
    {
        public string Place => Folder;
    }
}

internal static class Shipped
{
    public static string At(string name) => Path.Combine(Repository.Plugins, name);
}
