using System.Text.Json;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

/// <summary>The files of the official test suite in <c>Suite/</c>.</summary>
internal static class OfficialSuite
{
    private const string RemoteBase = "http://localhost:1234/";

    private static readonly string Folder = FindFolder();

    public static IReadOnlyDictionary<string, JsonElement> Remotes { get; } = Directory
        .EnumerateFiles(Path.Combine(Folder, "remotes"), "*.json", SearchOption.AllDirectories)
        .ToDictionary(file => RemoteBase + Slashed(Path.GetRelativePath(Path.Combine(Folder, "remotes"), file)), Read);

    /// <summary>Runs every case of a folder.</summary>
    /// <param name="folder">A folder in <c>Suite/</c>.</param>
    /// <param name="options">How to compile the schemas.</param>
    /// <param name="total">How many cases there are.</param>
    /// <returns>The cases with a wrong answer, as "file: group: case".</returns>
    public static IReadOnlyList<string> Run(string folder, SchemaOptions options, out int total)
    {
        List<string> wrong = [];
        total = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.json").Order())
        {
            foreach (JsonElement group in Read(file).EnumerateArray())
            {
                string name = $"{Path.GetFileNameWithoutExtension(file)}: {group.GetProperty("description").GetString()}";
                bool compiles = SchemaCompiler.TryCompile(group.GetProperty("schema"), out ISchema? schema, out IReadOnlyList<SchemaFinding> findings, options);
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    total++;
                    string problem = compiles ? Problem(schema!, test) : findings[0].Message;
                    if (problem.Length > 0)
                    {
                        wrong.Add($"{name}: {test.GetProperty("description").GetString()}");
                        TestContext.Current.TestOutputHelper?.WriteLine($"{wrong[^1]} ({problem})");
                    }
                }
            }
        }
        return wrong;
    }

    private static string Problem(ISchema schema, JsonElement test)
    {
        bool expected = test.GetProperty("valid").GetBoolean();
        IReadOnlyList<SchemaFinding> findings = schema.Validate(test.GetProperty("data"));
        return findings.Count == 0 == expected ? "" : expected ? findings[0].ToString() : "accepted";
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    private static string FindFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "tests", "Aria.Pipelines.Tests", "Schemas", "Suite");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }
        throw new DirectoryNotFoundException("The folder tests/Aria.Pipelines.Tests/Schemas/Suite is not above the test's binaries.");
    }
}
