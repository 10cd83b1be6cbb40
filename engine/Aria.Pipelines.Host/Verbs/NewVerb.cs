using System.CommandLine;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria new</c>: files to start from.</summary>
internal static class NewVerb
{
    public static Command Create() => new("new", "Write a new pipeline, connection or connector that lints at once")
    {
        NewPipelineVerb.Create(),
        NewConnectionVerb.Create(),
        NewConnectorVerb.Create(),
    };

    /// <summary>The path of a schema as a definition in a folder names it.</summary>
    public static string SchemaFrom(string folder, string schemas, string file) =>
        Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(Path.Combine(schemas, file))).Replace('\\', '/');

    /// <summary>
    /// Makes what the new definition needs around it, and says so: the workspace, schemas by which an editor knows what was added, and a
    /// connector that creates interviews, without which no pipeline can be written.
    /// </summary>
    public static void Complete(EngineOptions engine, string schemas)
    {
        Directory.CreateDirectory(engine.Workspace);
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            IReadOnlyList<string> changed = GeneratedSchemas.Write(schemas, GeneratedSchemas.All(installed.ByName.Values, workspace, engine.Workspace));
            Console.WriteLine($"Schemas in '{schemas}', by which editors complete: {(changed.Count == 0 ? "all fresh" : $"{changed.Count} written or removed")}");
            if (installed.ByName.Values.All(c => !c.Operations.ContainsKey("interview.create")))
            {
                Console.WriteLine($"No connector in '{engine.Plugins}' creates interviews: copy the folder 'Aria' of the plugins that come with 'aria' into it.");
            }
        }
    }
}
