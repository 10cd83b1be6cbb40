using Aria.Pipelines.Authoring.Behaviour;
using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.ConnectorContract.Live;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>A good connector with one thing broken in it: the rule that is about it says so, and the suite is worth its name.</summary>
public sealed class SeededDefectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-defect-");

    /// <summary>Rule → what is broken, in words that name the change below.</summary>
    public static TheoryData<string, string> Offline { get; } = new()
    {
        { "CB01", "an event without a description" },
        { "CB01", "a setting without help" },
        { "CB02", "a sample that is not what the output schema says" },
        { "CB03", "a subject from a wrong path" },
        { "CB04", "a dedupe key that all events share" },
        { "CB05", "an event without correlation keys" },
        { "CB06", "ids as numbers" },
        { "CB06", "a member of the candidate left out" },
        { "CB07", "an operation of the vocabulary left out" },
        { "CB08", "application.get without a candidate" },
        { "CB09", "a result whose place nobody knows" },
        { "CB09", "a result without a recording" },
        { "CB10", "a separator that is in the signature itself" },
        { "CB14", "a tolerance of a year" },
        { "CB17", "a change that calls itself a read" },
        { "CB18", "a class of answers that is never reached" },
        { "CB19", "no limit of requests" },
        { "CB20", "an address that is taken for granted" },
        { "CB21", "members that are counted" },
        { "CB22", "names in small letters" },
        { "CB23", "a token in a plain setting" },
        { "CB25", "a server's failure that is taken for a refusal" },
        { "CB25", "a gateway's timeout that is taken for success" },
        { "CB26", "a stage by another name" },
        { "CB26", "a status that is not taken" },
        { "CB27", "a request from a member that is not there" },
        { "CB27", "a note without its marker" },
    };

    /// <summary>The same, for what only shows against the system.</summary>
    public static TheoryData<string, string> Live { get; } = new()
    {
        { "CB31", "a stage whose name is left out" },
        { "CB32", "a stage whose name is left out" },
        { "CB33", "a note that calls itself idempotent" },
        { "CB33", "a look-up that never finds" },
        { "CB34", "a refused token that is taken for a refusal" },
        { "CB35", "a limit that is taken for a refusal" },
        { "CB38", "names of candidates in small letters" },
        { "CB42", "a header that the system does not send" },
        { "CB44", "an answer that the sender does not take" },
        { "CB45", "a move that calls itself idempotent" },
    };

    /// <summary>The same, for a system that is asked.</summary>
    public static TheoryData<string, string> Asked { get; } = new()
    {
        { "CB31", "a stage that is not joined" },
        { "CB43", "changes that are told apart by their time alone" },
        { "CB45", "a note that calls itself idempotent" },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Offline))]
    public void Definition_OneThingBroken_ItsRuleFindsIt(string rule, string defect)
    {
        Verify(Copy()).ShouldNotContain(rule, "the connector is good before it is broken");
        Verify(Copy(defect)).ShouldContain(rule);
    }

    [Theory]
    [MemberData(nameof(Live))]
    public async Task System_OneThingBroken_ItsRuleFindsIt(string rule, string defect)
    {
        await using IConnectorStand system = await DemoStand.StartAsync("greenhouse");
        using LiveSubject subject = LiveSubject.Open(Copy(defect), system);

        IReadOnlyList<string> findings = await LiveVerification.Rules.Single(r => r.Id == rule).CheckAsync(subject, TestContext.Current.CancellationToken);

        findings.ShouldNotBeEmpty();
        findings.ShouldAllBe(f => f.StartsWith(rule));
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task AskedSystem_OneThingBroken_ItsRuleFindsIt(string rule, string defect)
    {
        await using IConnectorStand system = await InventedStand.OrchardAsync();
        using LiveSubject subject = LiveSubject.Open(Copy(defect, InventedStand.Folder("Orchard")), system);

        IReadOnlyList<string> findings = await LiveVerification.Rules.Single(r => r.Id == rule).CheckAsync(subject, TestContext.Current.CancellationToken);

        findings.ShouldNotBeEmpty();
        findings.ShouldAllBe(f => f.StartsWith(rule));
    }

    private static string[] Verify(string folder)
    {
        var bag = new DiagnosticBag();
        using InstalledConnectors installed = InstalledConnectors.Load(Path.GetDirectoryName(folder)!, "plugins", new MappingCompiler(), bag);
        InstalledConnector found = installed.All.ShouldHaveSingleItem(string.Join('\n', bag.Items));
        return [.. ConnectorVerification.Verify(ConnectorSubject.Open(found, TimeProvider.System)).Select(f => f.Rule).Distinct()];
    }

    private string Copy(string? defect = null, string? from = null)
    {
        string source = from ?? Path.Combine(Repository.Plugins, "Greenhouse");
        string target = Path.Combine(_folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName, Path.GetFileName(source));
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        if (defect is not null)
        {
            SeededDefects.Make(defect, target);
        }
        return target;
    }
}
