using Aria.Pipelines.Authoring.Offers;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Tests.Connectors;

namespace Aria.Pipelines.Tests.Authoring;

public sealed class OfferMatrixTests : IDisposable
{
    private const string Marked = "before\n<!-- matrix: written by 'aria schema' -->\nold\n<!-- end of matrix -->\nafter\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("offers");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Readme_OfOurConnectors_IsFresh() =>
        OfferSection.Refresh(Shipped.Folder("plugins"), OfferMatrix.Of(Shipped.Connectors.ByName.Values), check: true).ShouldBeNull("run 'aria schema' and commit what it writes");

    [Theory]
    [InlineData("thing.made", "test | `thing.made` | webhook, completed by 1 read | – | 1 in 1 second, 1000 in 1 hour, 8 at once")]
    [InlineData("thing.changed", "test | `thing.changed` | asked every 1 minute | – | 1 in 1 second, 1000 in 1 hour, 8 at once")]
    [InlineData("thing.make", "test | `thing.make` | POST after 1 read; name → field and note | lookup, or by setting 'mode' keyed | 1 in 1 second, 1000 in 1 hour, 8 at once")]
    [InlineData("thing.move", "test | `thing.move` | cannot: It has no places; instead: thing.make | – | –")]
    public void Matrix_OfAFullDefinition_SaysHowEachIsDone(string name, string row) =>
        OfferSection.Markdown([.. Full().Where(o => o.Name == name)]).ShouldEndWith($"|\n| {row} |\n");

    [Fact]
    public void Refresh_BetweenTheMarks_IsWrittenOnceAndThenFresh()
    {
        string readme = Path.Combine(_folder.FullName, "README.md");
        File.WriteAllText(readme, Marked);
        IReadOnlyList<Offer> offers = Full();

        OfferSection.Refresh(_folder.FullName, offers, check: true).ShouldBe(readme.Replace('\\', '/'));
        File.ReadAllText(readme).ShouldBe(Marked, "a check writes nothing");
        OfferSection.Refresh(_folder.FullName, offers, check: false).ShouldNotBeNull();

        File.ReadAllText(readme).ShouldBe(Marked.Replace("old\n", OfferSection.Markdown(offers), StringComparison.Ordinal));
        OfferSection.Refresh(_folder.FullName, offers, check: true).ShouldBeNull();
    }

    [Theory]
    [InlineData("no marks")]
    [InlineData("<!-- matrix: written by 'aria schema' --> and no end")]
    public void Refresh_ReadmeWithoutBothMarks_IsLeftAlone(string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "README.md"), text);

        OfferSection.Refresh(_folder.FullName, Full(), check: false).ShouldBeNull();

        File.ReadAllText(Path.Combine(_folder.FullName, "README.md")).ShouldBe(text);
    }

    private static IReadOnlyList<Offer> Full()
    {
        var bag = new DiagnosticBag();
        Connector? connector = ConnectorReader.Read(new TestFolder(FullDefinitions.Connector).With("samples/made.json", """{ "type": "made", "id": "1" }"""), null, new MappingCompiler(), bag);
        bag.Items.ShouldBeEmpty();
        return OfferMatrix.Of([connector.ShouldNotBeNull()]);
    }
}
