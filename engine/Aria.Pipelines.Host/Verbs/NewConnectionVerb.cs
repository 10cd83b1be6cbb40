using System.CommandLine;
using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria new connection</c>.</summary>
internal static class NewConnectionVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var id = new Argument<string>("id") { Description = "Id of the connection, the name of its file" };
        var connector = new Option<string>("--connector") { Description = "Installed connector that it is an account of", Required = true };
        var schemas = new Option<string>("--schemas") { Description = "Folder of the schemas", DefaultValueFactory = _ => "schemas" };
        Command command = CommonOptions.AddTo(new Command("connection", "Write a connection with every required setting"), options.Workspace, options.Plugins, connector, schemas);
        command.Arguments.Add(id);
        command.SetAction(parsed => Create(options.Engine(parsed), parsed.GetRequiredValue(id), parsed.GetRequiredValue(connector), parsed.GetRequiredValue(schemas)));
        return command;
    }

    private static int Create(EngineOptions engine, string id, string name, string schemas)
    {
        if (NewName.ObstacleToConnection(engine.Workspace, id) is { } obstacle)
        {
            Terminal.Fail(obstacle);
            return ExitCode.Failure;
        }
        (InstalledConnectors installed, Workspace _) = AriaEngine.Compile(engine, new MappingCompiler());
        using (installed)
        {
            if (!installed.ByName.TryGetValue(name, out Connector? connector))
            {
                Terminal.Fail(installed.FaultyFolder(name) is { } faulty
                    ? $"Connector '{name}' has errors. Run 'aria lint' and mend what it says about '{faulty}' first."
                    : $"Connector '{name}' is not installed. {Suggestion.For(name, [.. installed.ByName.Keys.Order(StringComparer.Ordinal)])}");
                return ExitCode.Failure;
            }
            string folder = Path.Combine(engine.Workspace, "connections");
            string path = Path.Combine(folder, $"{id}.json");
            Directory.CreateDirectory(folder);
            File.WriteAllText(path, ConnectionScaffold.File(id, connector, NewVerb.SchemaFrom(folder, schemas, ConnectionSchema.File)));
            NewVerb.Complete(engine, schemas);
            Console.WriteLine($"Wrote {path}. What it still needs:");
            foreach (string needed in ConnectionScaffold.ToDo(id, connector))
            {
                Console.WriteLine($"  {needed}");
            }
            return ExitCode.Good;
        }
    }
}
