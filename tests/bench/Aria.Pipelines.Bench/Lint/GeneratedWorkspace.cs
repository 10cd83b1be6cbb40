using System.Globalization;

namespace Aria.Pipelines.Bench.Lint;

/// <summary>
/// A workspace such as a large customer has: one pipeline per department and stage. Five forms take turns; no two pipelines have the
/// same texts, so that nothing is fast only because it was seen before.
/// </summary>
internal static class GeneratedWorkspace
{
    private static readonly string[] Stages = ["Phone Screen", "Application Review", "Recruiter Call", "Assessment", "First Interview", "Hiring Manager Screen"];
    private static readonly string[] Departments = ["Engineering", "Sales", "Support", "Finance", "Marketing", "Warehouse", "Legal"];

    public static void Write(string folder, int pipelines)
    {
        Save(folder, "connections/greenhouse.json", PipelineTexts.Greenhouse);
        Save(folder, "connections/aria.json", PipelineTexts.Aria);
        for (int i = 0; i < pipelines; i++)
        {
            string department = Departments[i % Departments.Length];
            string id = string.Create(CultureInfo.InvariantCulture, $"{department.ToLowerInvariant()}-{i:000}");
            foreach ((string name, string text) in PipelineTexts.Forms[i % PipelineTexts.Forms.Count])
            {
                Save(folder, $"{id}/{name}", Fill(text, i, department));
            }
        }
    }

    private static string Fill(string text, int i, string department) => text
        .Replace("~stage~", Stages[i % Stages.Length], StringComparison.Ordinal)
        .Replace("~next~", Stages[(i + 1) % Stages.Length], StringComparison.Ordinal)
        .Replace("~department~", department, StringComparison.Ordinal)
        .Replace("~job~", (4_056_000 + (i * 3)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("~kit~", string.Create(CultureInfo.InvariantCulture, $"kit_{i:x4}"), StringComparison.Ordinal)
        .Replace("~days~", (3 + (i % 18)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("~n~", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static void Save(string folder, string name, string text)
    {
        string file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
