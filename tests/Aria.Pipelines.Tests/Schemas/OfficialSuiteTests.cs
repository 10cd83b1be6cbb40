using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
    // In the required part 'format' is an annotation, so no format may be asserted.
    private static readonly SchemaOptions Annotating = new()
    {
        Documents = OfficialSuite.Remotes,
        Formats = new Dictionary<string, Func<string, string?>>(),
    };

    private static readonly SchemaOptions Asserting = new() { Documents = OfficialSuite.Remotes };

    [Fact]
    public void Required_Draft202012_AllPass() => Check("tests", Annotating, 1301, []);

    [Fact]
    public void Optional_WhatIsClaimed_AllPass() => Check("tests/optional", Annotating, 121, []);

    [Fact]
    public void Formats_Asserted_AllPass() => Check("tests/optional/format", Asserting, 519, []);

    private void Check(string folder, SchemaOptions options, int expectedTotal, string[] knownFailures)
    {
        IReadOnlyList<string> wrong = OfficialSuite.Run(folder, options, out int total);

        output.WriteLine($"{folder}: {total - wrong.Count} of {total} pass");
        wrong.ShouldBe(knownFailures, ignoreOrder: true);
        total.ShouldBe(expectedTotal);
    }
}
