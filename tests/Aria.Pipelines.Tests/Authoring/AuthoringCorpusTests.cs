using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>Every mistake is caught with the right code at the right line, and what is right is left alone.</summary>
public sealed class AuthoringCorpusTests(ITestOutputHelper output)
{
    private const double Share = 0.98;

    [Fact]
    public void Bad_OneMistakeEach_IsCaughtWithItsCodeAtItsLine()
    {
        IReadOnlyList<string> cases = AuthoringCorpus.Cases("bad");
        var missed = new List<string>();
        foreach (string name in cases)
        {
            JsonElement expected = AuthoringCorpus.Expected("bad", name).ShouldNotBeNull(name);
            (string file, int line, string code) = ($"w/{expected.GetProperty("file").GetString()}", expected.GetProperty("line").GetInt32(), expected.GetProperty("code").GetString()!);
            IReadOnlyList<Diagnostic> findings = AuthoringCorpus.Lint("bad", name);
            if (!findings.Any(f => f.Code == code && f.File == file && f.Line == line))
            {
                missed.Add($"{name}: expected {file}({line}) {code}, found {string.Join(" | ", findings)}");
            }
        }
        output.WriteLine($"caught {cases.Count - missed.Count} of {cases.Count}");
        missed.ForEach(output.WriteLine);
        cases.Count.ShouldBeGreaterThanOrEqualTo(200);
        missed.Count.ShouldBeLessThanOrEqualTo((int)(cases.Count * (1 - Share)), string.Join("\n", missed));
    }

    [Fact]
    public void Bad_FindingsOfMeaning_ReadAsWritten()
    {
        var texts = new Dictionary<string, string>();
        foreach (string name in AuthoringCorpus.Cases("bad"))
        {
            JsonElement expected = AuthoringCorpus.Expected("bad", name)!.Value;
            bool isOfMeaning = expected.GetProperty("code").GetString()!.StartsWith("ARIA21", StringComparison.Ordinal);
            if (!isOfMeaning && !expected.TryGetProperty("text", out _))
            {
                continue;
            }
            string text = expected.GetProperty("text").GetString()!;
            AuthoringCorpus.Lint("bad", name).Select(f => f.ToString()).ShouldContain($"w/{text}", name);
            if (isOfMeaning)
            {
                texts[expected.GetProperty("code").GetString()!] = text;
            }
        }

        texts.Keys.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(2101, 26).Select(n => $"ARIA{n}"));
    }

    /// <summary>Pipelines are compiled side by side; who reads the findings does not notice.</summary>
    [Fact]
    public void Bad_CompiledOneByOneOrSideBySide_FindingsAreTheSameInTheSameOrder()
    {
        foreach (string name in AuthoringCorpus.Cases("bad"))
        {
            string[] oneByOne = [.. AuthoringCorpus.Compile("bad", name, parallelism: 1).Select(f => f.ToString())];

            AuthoringCorpus.Lint("bad", name).Select(f => f.ToString()).ShouldBe(oneByOne, name);
        }
    }

    [Fact]
    public void Good_RightFiles_HaveNoFindings()
    {
        IReadOnlyList<string> cases = AuthoringCorpus.Cases("good");

        string[] disturbed = [.. cases.SelectMany(c => AuthoringCorpus.Lint("good", c).Select(f => $"{c}: {f}"))];

        disturbed.ShouldBeEmpty();
        cases.Count.ShouldBeGreaterThanOrEqualTo(60);
    }

    [Theory]
    [InlineData("production")]
    [InlineData("sandbox")]
    public void Shipped_Pipelines_HaveNoFindings(string environment)
    {
        Workspace workspace = new WorkspaceCompiler(Shipped.Connectors.ByName, new MappingCompiler()).Compile(Path.Combine(Tests.Connectors.Plugins.Root, "pipelines"), "pipelines", environment);

        workspace.Findings.ShouldBeEmpty();
        workspace.Pipelines.ShouldNotBeEmpty();
    }
}
