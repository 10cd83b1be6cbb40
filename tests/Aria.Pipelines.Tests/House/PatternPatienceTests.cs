using System.Text.RegularExpressions;

namespace Aria.Pipelines.Tests.House;

/// <summary>
/// A pattern's limit is wall time, and a machine that does other work lets a thread wait for longer than a quarter of a second: a host under
/// load ended at its start with a RegexMatchTimeoutException. Our own patterns over definitions and deliveries need no short limit.
/// </summary>
public sealed partial class PatternPatienceTests
{
    private const int LongEnough = 10_000;

    [Theory]
    [InlineData("Definitions")]
    [InlineData("Connectors")]
    [InlineData("Compilation")]
    public void Patterns_OfOurOwn_OutlastABusyMachine(string folder)
    {
        string root = Path.Combine(Root(AppContext.BaseDirectory), "engine", "Aria.Pipelines", folder);

        string[] hasty =
        [
            .. from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)

               // What a remote system sends may take a pattern long, and is given up early.
               where Path.GetFileName(file) != "PageReader.cs"
               from Match limit in Limit().Matches(File.ReadAllText(file))
               where int.Parse(limit.Groups["ms"].Value.Replace("_", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) < LongEnough
               select $"{Path.GetFileName(file)}: {limit.Groups["ms"].Value} ms",
        ];

        hasty.ShouldBeEmpty();
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Aria.Pipelines.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository."));

    [GeneratedRegex(@"RegexOptions\.[A-Za-z| .]+, (?<ms>[0-9_]+)\)\]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Limit();
}
