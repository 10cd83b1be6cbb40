using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary><c>pipelines/DIAGNOSTICS.md</c> is made from the constants of the engine and the corpus; a stale file fails.</summary>
public sealed partial class DiagnosticReferenceTests
{
    private const string Rewrite = "ARIA_WRITE_REFERENCE";
    private static readonly string File = Path.Combine(Tests.Connectors.Plugins.Root, "pipelines", "DIAGNOSTICS.md");

    [Fact]
    public void Reference_OfAllCodes_IsCurrent()
    {
        string text = Render();
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
        {
            System.IO.File.WriteAllText(File, text);
        }

        System.IO.File.ReadAllText(File).ShouldBe(text, $"Run this test once with {Rewrite}=1 and commit the file.");
    }

    [Fact]
    public void Codes_AreNeverGivenTwice() => Codes().GroupBy(c => c.Code).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Fact]
    public void Codes_OfDefinitions_AreCaughtInTheCorpus()
    {
        HashSet<string> caught = [.. Caught().Keys];

        Codes().Select(c => c.Code).Where(c => c.StartsWith("ARIA2", StringComparison.Ordinal)).Except(caught).ShouldBeEmpty();
    }

    private static string Render()
    {
        Dictionary<string, string> examples = Caught();
        var text = new StringBuilder("# Diagnostics\n\nEvery finding of `aria lint`. Generated from the constants of the engine; the examples are cases of `tests/authoring/bad`.\n");
        foreach (IGrouping<string, DiagnosticCode> group in Codes().OrderBy(c => c.Code, StringComparer.Ordinal).GroupBy(c => Title(c.Code)))
        {
            text.Append('\n').Append("## ").Append(group.Key).Append("\n\n| code | meaning | an example |\n|---|---|---|\n");
            foreach (DiagnosticCode code in group)
            {
                string example = examples.TryGetValue(code.Code, out string? name) ? $"[{name[4..].Replace('-', ' ')}](../tests/authoring/bad/{name})" : "";
                text.Append("| `").Append(code.Code).Append("` | ").Append(code.Meaning).Append(" | ").Append(example).Append(" |\n");
            }
        }
        return text.ToString();
    }

    private static string Title(string code) => code[..5] switch
    {
        "ARIA1" => "The shape of a file",
        "ARIA2" when string.CompareOrdinal(code, "ARIA2100") < 0 => "Names in a pipeline",
        "ARIA2" => "What a pipeline means",
        "ARIA3" => "Connectors",
        "ARIA4" => "Connections and environments",
        "ARIA5" => "Mappings",
        _ => "Other",
    };

    /// <summary>The first case of each code.</summary>
    private static Dictionary<string, string> Caught()
    {
        var first = new Dictionary<string, string>();
        foreach (string name in AuthoringCorpus.Cases("bad"))
        {
            JsonElement expected = AuthoringCorpus.Expected("bad", name)!.Value;
            first.TryAdd(expected.GetProperty("code").GetString()!, name);
        }
        return first;
    }

    private static IEnumerable<DiagnosticCode> Codes() => Directory
        .EnumerateFiles(Path.Combine(Tests.Connectors.Plugins.Root, "engine"), "*Codes.cs", SearchOption.AllDirectories)
        .SelectMany(f => Constant().Matches(System.IO.File.ReadAllText(f)))
        .Select(m => new DiagnosticCode(m.Groups["code"].Value, Markup().Replace(m.Groups["meaning"].Value, "`${word}`")));

    [GeneratedRegex(@"/// <summary>(?<meaning>[^\n]+)</summary>\s+public const string \w+ = ""(?<code>ARIA[0-9]{4})"";", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constant();

    [GeneratedRegex("<c>(?<word>.*?)</c>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Markup();

    private sealed record DiagnosticCode(string Code, string Meaning);
}
