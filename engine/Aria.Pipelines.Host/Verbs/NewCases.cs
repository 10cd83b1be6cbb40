using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Writes the cases of a pipeline that was written just now, and plays them, because only playing tells what they expect.</summary>
internal static class NewCases
{
    /// <returns>True when all of them hold.</returns>
    public static async Task<bool> WriteAsync(EngineOptions engine, PipelineRequest request, string schemas, CancellationToken cancellationToken)
    {
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            Diagnostic[] errors = [.. workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error)];
            if (workspace.Pipelines.All(p => p.Pipeline.Id != request.Name))
            {
                Terminal.Write(errors);
                Terminal.Fail($"No cases are written while '{request.Name}' has errors.");
                return false;
            }
            string folder = Path.Combine(engine.Workspace, request.Name, CaseSuite.CasesFolder);
            using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
            var scaffold = new CaseScaffold(
                request, workspace.Connections[request.Ats], workspace.Connections[request.Aria], services.GetRequiredService<IWebhookReceiver>(), NewVerb.SchemaFrom(folder, schemas, CaseSchema.File));
            IReadOnlyList<ScaffoldedFile> files = scaffold.Files();
            foreach (ScaffoldedFile file in files)
            {
                string path = Path.Combine(folder, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, file.Bytes, cancellationToken);
            }
            return await PlayAsync(engine, workspace, request.Name, scaffold, cancellationToken);
        }
    }

    private static async Task<bool> PlayAsync(EngineOptions engine, Workspace workspace, string pipeline, CaseScaffold scaffold, CancellationToken cancellationToken)
    {
        var suite = new CaseSuite(workspace, engine.Workspace, engine.Workspace.Replace('\\', '/').TrimEnd('/'));
        SuiteResult first = await suite.RunAsync([new CaseSelection(pipeline, null)], cancellationToken);
        // What the engine takes for the event before, or cannot read, is no case of its own.
        CaseResult[] sameEvent = [.. first.Cases.Where(c => c.Renewed?["state"]?.GetValue<string>() is "duplicate" or "quarantined")];
        foreach (CaseResult one in sameEvent)
        {
            File.Delete(Path.Combine(engine.Workspace, pipeline, CaseSuite.CasesFolder, $"{one.Name}.json"));
            scaffold.LeaveOut(one.Name, one.Description, one.Renewed!["state"]!.GetValue<string>() == "duplicate"
                ? "changed to another application, the sample is still taken for the event before it, which its feed or 'dedupe' knows by something else"
                : "changed to another application, the sample has the id of the event before it and says something else");
        }
        // A case that ends in another state than it was written for must not be made to agree.
        bool endsAsWritten = first.Cases.Except(sameEvent).All(c => c.Differences.All(d => d.Path != "state"));
        if (endsAsWritten)
        {
            suite.Renew(first with { Cases = [.. first.Cases.Except(sameEvent)] });
        }
        SuiteResult result = await suite.RunAsync([new CaseSelection(pipeline, null)], cancellationToken);
        Console.WriteLine($"Wrote {result.Cases.Count} cases in {Path.Combine(engine.Workspace, pipeline, CaseSuite.CasesFolder)}: read what they expect.");
        foreach (string line in scaffold.LeftOut)
        {
            Terminal.Fail(line);
        }
        TestOutput.Write(result);
        return result.Failed == 0;
    }
}
