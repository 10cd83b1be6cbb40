using Aria.Pipelines.ConnectorContract.Live;
using Xunit;

namespace Aria.Pipelines.ConnectorContract;

/// <summary>
/// The whole behaviour suite: the rules of <see cref="ConnectorBehaviour"/>, and those that show between a connector and its system, over HTTP.
/// <code>public sealed class MyAtsBehaviour() : ConnectorSystemBehaviour("plugins/MyAts", MyAtsStand.StartAsync);</code>
/// </summary>
/// <param name="folder">The connector's folder.</param>
/// <param name="stand">Starts a stand-in for its system.</param>
public abstract class ConnectorSystemBehaviour(string folder, Func<Task<IConnectorStand>> stand) : ConnectorBehaviour(folder)
{
    /// <summary>The rules that need the system.</summary>
    public static TheoryData<string> LiveRules { get; } = [.. LiveVerification.Rules.Select(r => $"{r.Id}: {r.Title}")];

    /// <summary>Holds the connector to one rule that shows against its system. A rule that is not about it is kept, and says why.</summary>
    /// <param name="rule">Number and title.</param>
    [Theory]
    [MemberData(nameof(LiveRules))]
    public async Task System(string rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        LiveRule asked = LiveVerification.Rules.Single(r => r.Id == Number(rule));
        await using IConnectorStand system = await stand();
        using LiveSubject subject = LiveSubject.Open(Folder, system);
        if (asked.NotAbout(subject) is { } why)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(why);
            return;
        }
        Demand(await asked.CheckAsync(subject, TestContext.Current.CancellationToken));
    }
}
