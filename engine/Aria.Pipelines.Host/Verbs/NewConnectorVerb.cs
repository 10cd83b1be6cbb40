using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria new connector</c>: a folder without code, from a template or from a description of the system's API.</summary>
internal static class NewConnectorVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var name = new Argument<string>("name") { Description = "Name of the connector, as connections use it" };
        var openApi = new Option<string?>("--openapi") { Description = "Description of the API (OpenAPI, JSON or YAML) to take operations from" };
        var operations = new Option<string[]>("--operations") { Description = "Which of its operations, by operationId or as \"GET /path\", separated by commas", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var schemas = new Option<string>("--schemas") { Description = "Folder of the schemas", DefaultValueFactory = _ => "schemas" };
        Command command = CommonOptions.AddTo(new Command("connector", "Write a connector that lints at once"), options.Workspace, options.Plugins, openApi, operations, schemas);
        command.Arguments.Add(name);
        command.SetAction((parsed, cancellationToken) => CreateAsync(
            options.Engine(parsed), parsed.GetRequiredValue(name), parsed.GetValue(openApi), Chosen(parsed.GetRequiredValue(operations)), parsed.GetRequiredValue(schemas), cancellationToken));
        return command;
    }

    private static string[] Chosen(string[] given) => [.. given.SelectMany(o => o.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static async Task<int> CreateAsync(EngineOptions engine, string name, string? openApi, string[] chosen, string schemas, CancellationToken cancellationToken)
    {
        if (ConnectorScaffold.Obstacle(engine.Plugins, name) is { } obstacle)
        {
            Terminal.Fail(obstacle);
            return ExitCode.Failure;
        }
        if ((openApi is null) != (chosen.Length == 0))
        {
            Terminal.Fail("--openapi and --operations go together: a description, and which of its operations are wanted.");
            return ExitCode.WrongUsage;
        }
        string folder = Path.Combine(engine.Plugins, ConnectorScaffold.FolderOf(name));
        string schema = NewVerb.SchemaFrom(folder, schemas, ConnectorDefinitionSchema.File);
        IReadOnlyDictionary<string, string> files = ConnectorScaffold.Files(name, schema);
        IReadOnlyList<string> notes = ["settings, http: the vendor's address, credentials, errors and limits", "webhook, events: how it signs, what it sends, and a sample from its documentation", "operations: what it can do, and what may be done when an answer is lost"];
        if (openApi is not null)
        {
            (OpenApiFile? api, string? unreadable) = await OpenApiFile.ReadAsync(openApi, cancellationToken).ConfigureAwait(false);
            (JsonObject? connector, notes, string? problem) = api is null ? (null, [], unreadable) : OpenApiScaffold.Make(name, schema, api, chosen);
            if (connector is null)
            {
                Terminal.Fail(problem!);
                return ExitCode.Failure;
            }
            files = new Dictionary<string, string> { [ConnectorScaffold.Definition] = ConnectorScaffold.Text(connector) };
        }
        foreach ((string file, string text) in files)
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, cancellationToken).ConfigureAwait(false);
        }
        NewVerb.Complete(engine, schemas);
        Console.WriteLine($"Wrote {folder}. It lints; what is yours to say:");
        foreach (string note in notes)
        {
            Console.WriteLine($"  {note}");
        }
        Console.WriteLine("What the vendor does and what you write: plugins/README.md. Then: aria lint");
        return ExitCode.Good;
    }
}
