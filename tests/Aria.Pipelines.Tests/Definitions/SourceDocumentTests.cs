using System.Text;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Definitions;

public sealed class SourceDocumentTests
{
    [Fact]
    public void Parse_DuplicateProperty_NamesFileLineAndColumn()
    {
        var bag = new DiagnosticBag();

        SourceDocument.Parse("a.json", Encoding.UTF8.GetBytes("{\n  \"é\": 1, \"x\": 2,\n  \"x\": 3 }"), bag);

        bag.Items.ShouldHaveSingleItem().ToString().ShouldBe(
            "a.json(3,3): error ARIA1002: Property 'x' appears twice. Remove one of the two; the last one does not silently win.");
    }

    [Fact]
    public void PositionOf_NestedValue_CountsColumnsInCharacters()
    {
        var bag = new DiagnosticBag();
        SourceDocument document = SourceDocument.Parse("a.json", Encoding.UTF8.GetBytes("{\n  \"é\": [1, {\"b\": 2}]}"), bag)!;

        document.PositionOf("/é/1/b").ShouldBe(new SourcePosition("a.json", 2, 18));
        document.NameOf("/é/1/b").ShouldBe(new SourcePosition("a.json", 2, 13));
    }

    [Theory]
    [InlineData("{", 1, 2)]
    [InlineData("{\n  \"a\": tru }", 2, 11)]
    [InlineData("{} x", 1, 4)]
    public void Parse_SyntaxError_PointsAtIt(string text, int line, int column)
    {
        var bag = new DiagnosticBag();

        SourceDocument.Parse("a.json", Encoding.UTF8.GetBytes(text), bag).ShouldBeNull();

        bag.Items[0].Code.ShouldBe("ARIA1001");
        (bag.Items[0].Line, bag.Items[0].Column).ShouldBe((line, column));
    }

    [Fact]
    public void Parse_LoneSurrogate_IsAFinding()
    {
        var bag = new DiagnosticBag();

        SourceDocument.Parse("a.json", "{\"a\":\"\\ud800\"}"u8.ToArray(), bag).ShouldBeNull();

        bag.Items.ShouldHaveSingleItem().Code.ShouldBe("ARIA1001");
    }
}
