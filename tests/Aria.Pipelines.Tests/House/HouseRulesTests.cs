using System.Text.RegularExpressions;

namespace Aria.Pipelines.Tests.House;

/// <summary>The hard numbers of the house: sizes, names, what the root holds.</summary>
public sealed partial class HouseRulesTests
{
    private const int MaxFileLines = 400;
    private const int MaxMethodLines = 60;

    private static readonly string Root = Find(AppContext.BaseDirectory);

    [Fact]
    public void Files_Length_StaysUnderTheLimit()
    {
        string[] tooLong = [.. Sources().Where(f => File.ReadLines(f).Count() > MaxFileLines).Select(Relative)];

        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Methods_Length_StaysUnderTheLimit()
    {
        string[] tooLong = [.. Sources().SelectMany(LongMethods)];

        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Folders_Names_AreNotKindsOfCode()
    {
        string[] kinds = ["Services", "Models", "Helpers", "Extensions", "Contracts", "Options", "Interfaces", "Utils", "Common", "Managers", "Handlers"];

        string[] found = [.. Sources().SelectMany(f => Relative(f).Split('/')[..^1]).Distinct().Intersect(kinds)];

        found.ShouldBeEmpty();
    }

    [Fact]
    public void Types_Names_SayWhatTheyDo()
    {
        string[] found = [.. Sources().Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => VagueName().IsMatch(n))];

        found.ShouldBeEmpty();
    }

    [Fact]
    public void Root_Entries_AreTheFixedOnes()
    {
        string[] allowed =
        [
            "engine", "plugins", "pipelines", "schemas", "tests", "Aria.Pipelines.sln", "README.md", "LICENSE", "global.json",
            "Directory.Build.props", "Directory.Packages.props", "artifacts", "data",
        ];

        string[] extra = [.. Directory.EnumerateFileSystemEntries(Root).Select(e => Path.GetFileName(e)!).Where(n => !n.StartsWith('.')).Except(allowed)];

        extra.ShouldBeEmpty();
    }

    [Fact]
    public void Abstractions_Project_ReferencesNoPackageAtRunTime()
    {
        string project = File.ReadAllText(Path.Combine(Root, "engine/Aria.Pipelines.Abstractions/Aria.Pipelines.Abstractions.csproj"));

        PackageReference().Matches(project).Select(m => m.Value).ShouldAllBe(m => m.Contains("PrivateAssets=\"all\"", StringComparison.Ordinal));
        typeof(Abstractions.Diagnostic).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ShouldAllBe(n => n.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void Engine_PublicTypes_AreTheTwoDoorsAndTheirOptions()
    {
        typeof(AriaEngine).Assembly.GetExportedTypes().Select(t => t.Name).Order(StringComparer.Ordinal).ShouldBe(["AriaEngine", "AriaPipelines", "EngineOptions"]);
    }

    private static IEnumerable<string> LongMethods(string file)
    {
        int start = 0;
        string header = "";
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            // Members of a file-scoped type stand four spaces in; their bodies begin and end with a lone brace there.
            if (line == "    {")
            {
                start = number;
            }
            else if (line == "    }" && start > 0)
            {
                if (number - start - 1 > MaxMethodLines && !TypeHeader().IsMatch(header))
                {
                    yield return $"{Relative(file)}({start}): {number - start - 1} lines";
                }
                start = 0;
            }
            else if (start == 0)
            {
                header = line;
            }
        }
    }

    private static IEnumerable<string> Sources() => new[] { "engine", "plugins", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories));

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Aria.Pipelines.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository."));

    [GeneratedRegex("(?:Manager|Handler|Helper|Helpers|Util|Utils|Context)$", RegexOptions.None, 1000)]
    private static partial Regex VagueName();

    [GeneratedRegex(@"<PackageReference [^>]*>", RegexOptions.None, 1000)]
    private static partial Regex PackageReference();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\b", RegexOptions.None, 1000)]
    private static partial Regex TypeHeader();
}
