using System.CommandLine;
using System.Text.Json;
using Aria.Pipelines.Authoring.Explanation;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria explain</c>: a pipeline in words, or as a diagram, with the connectors it resolves to.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var pipeline = new Argument<string>("pipeline") { Description = "Pipeline to explain" };
        var mermaid = new Option<bool>("--mermaid") { Description = "A Mermaid flowchart" };
        Command command = CommonOptions.AddTo(
            new Command("explain", "Say what a pipeline does, step by step, and what happens when something goes wrong"),
            options.Workspace, options.Plugins, options.Environment, mermaid, options.Json);
        command.Arguments.Add(pipeline);
        command.Validators.Add(result =>
        {
            if (result.GetValue(mermaid) && result.GetValue(options.Json))
            {
                result.AddError("Give --mermaid or --json, not both.");
            }
        });
        command.SetAction(parsed => Explain(options.Engine(parsed), parsed.GetRequiredValue(pipeline), parsed.GetValue(mermaid), parsed.GetValue(options.Json)));
        return command;
    }

    private static int Explain(EngineOptions engine, string id, bool mermaid, bool json)
    {
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            (Pipeline? pipeline, DefinitionBundle? bundle) = workspace.Pipelines.FirstOrDefault(p => p.Pipeline.Id == id);
            if (pipeline is null || bundle is null)
            {
                Terminal.Write(workspace.Findings);
                Terminal.Fail($"There is no pipeline '{id}' without errors. {Suggestion.For(id, [.. workspace.Pipelines.Select(p => p.Pipeline.Id)])}");
                return ExitCode.Failure;
            }
            PipelineExplanation explanation = PipelineExplainer.Explain(pipeline, bundle);
            Console.Write(mermaid ? ExplanationDiagram.Write(explanation)
                : json ? HostJson.Pretty(JsonSerializer.SerializeToNode(explanation, ExplanationJson.Default.PipelineExplanation)!) + "\n"
                : ExplanationText.Write(explanation));
            return ExitCode.Good;
        }
    }
}
