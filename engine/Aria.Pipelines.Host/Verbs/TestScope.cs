using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>What <c>aria test</c> was asked to play.</summary>
/// <param name="Engine">Where workspace and connectors are.</param>
/// <param name="Only">Which pipelines or cases; empty for all.</param>
internal sealed record TestScope(EngineOptions Engine, IReadOnlyList<CaseSelection> Only)
{
    /// <summary>Reads arguments: a folder with <c>connections/</c> is a workspace, a <c>.json</c> file is a case, anything else names a pipeline by its id or folder.</summary>
    public static TestScope Of(EngineOptions engine, IReadOnlyList<string> arguments)
    {
        var only = new List<CaseSelection>();
        foreach (string argument in arguments.Select(a => a.TrimEnd('/', '\\')))
        {
            if (Directory.Exists(Path.Combine(argument, "connections")))
            {
                engine = engine with { Workspace = argument };
            }
            else if (argument.EndsWith(".json", StringComparison.Ordinal))
            {
                string pipeline = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(argument)))) ?? "";
                only.Add(new CaseSelection(pipeline, Path.GetFileNameWithoutExtension(argument)));
            }
            else
            {
                only.Add(new CaseSelection(Path.GetFileName(argument), null));
            }
        }
        return new TestScope(engine, only);
    }

    /// <summary>What is wrong with the names that were given; null when they all exist.</summary>
    public string? Unknown(Workspace workspace)
    {
        string[] known = [.. workspace.Pipelines.Select(p => p.Pipeline.Id)];
        foreach (CaseSelection selection in Only)
        {
            if (!known.Contains(selection.Pipeline))
            {
                return $"There is no pipeline '{selection.Pipeline}' in '{Engine.Workspace}'. {Suggestion.For(selection.Pipeline, known)}";
            }
            string file = Path.Combine(Engine.Workspace, selection.Pipeline, CaseSuite.CasesFolder, $"{selection.Case}.json");
            if (selection.Case is not null && !File.Exists(file))
            {
                return $"There is no case '{file}'.";
            }
        }
        return null;
    }
}
