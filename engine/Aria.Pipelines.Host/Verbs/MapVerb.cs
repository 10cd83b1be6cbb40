using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Playground;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Runs;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria map</c>: a playground for mappings.</summary>
internal static class MapVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Findings for machines; the result is JSON in any case" };
        var file = new Argument<FileInfo?>("file") { Description = "Mapping to evaluate: .scriban, .js or .json", Arity = ArgumentArity.ZeroOrOne };
        var expression = new Option<string?>("--expression") { Description = "A JavaScript expression instead of a file" };
        var input = new Option<FileInfo?>("--input") { Description = "JSON file seen as 'event'" };
        var steps = new Option<FileInfo?>("--steps") { Description = "JSON file seen as 'steps'" };
        var lookups = new Option<FileInfo?>("--lookups") { Description = "JSON file seen as 'lookups'" };
        var now = new Option<DateTimeOffset?>("--now") { Description = "The time seen as 'now'; the present when absent" };
        Command command = CommonOptions.AddTo(new Command("map", "Evaluate a mapping and print the JSON it makes"), expression, input, steps, lookups, now, json);
        command.Arguments.Add(file);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(file) is null) == (result.GetValue(expression) is null))
            {
                result.AddError("Give a file or --expression, one of them.");
            }
        });
        command.SetAction(parsed => Map(
            parsed.GetValue(file),
            parsed.GetValue(expression),
            [("event", parsed.GetValue(input)), ("steps", parsed.GetValue(steps)), ("lookups", parsed.GetValue(lookups))],
            parsed.GetValue(now) ?? TimeProvider.System.GetUtcNow(),
            parsed.GetValue(json)));
        return command;
    }

    private static int Map(FileInfo? file, string? expression, (string Root, FileInfo? File)[] inputs, DateTimeOffset now, bool json)
    {
        var bag = new DiagnosticBag();
        var values = new Dictionary<string, JsonElement> { ["now"] = RunProgress.Instant(now) };
        foreach ((string root, FileInfo? given) in inputs)
        {
            if (given is not null && Read(given, bag) is { } value)
            {
                values[root] = value;
            }
        }
        if (file is { Exists: false })
        {
            bag.Error(DefinitionCodes.MissingFile, new SourcePosition(file.ToString(), null, null), $"The file '{file}' does not exist.");
        }
        JsonNode? result = null;
        if (!bag.HasErrors)
        {
            // The folder is shown as it was typed, so that findings can be clicked.
            result = file is null
                ? MappingTrial.Evaluate(new InlineFile(expression!), InlineFile.Name, values, bag)
                : MappingTrial.Evaluate(new DefinitionFolder(file.DirectoryName!, Folder(file)), file.Name, values, bag);
        }
        if (!bag.HasErrors)
        {
            Console.WriteLine(result is null ? "null" : HostJson.Pretty(result));
        }
        if (json && bag.Items.Count > 0)
        {
            Console.Error.WriteLine(HostJson.OneLine(HostJson.Findings(bag.Items)));
        }
        else
        {
            Terminal.Write(bag.Items);
        }
        return bag.HasErrors ? ExitCode.Failure : ExitCode.Good;
    }

    private static JsonElement? Read(FileInfo file, DiagnosticBag bag)
    {
        if (!file.Exists)
        {
            bag.Error(DefinitionCodes.MissingFile, new SourcePosition(file.ToString(), null, null), $"The file '{file}' does not exist.");
            return null;
        }
        return SourceDocument.Parse(file.ToString(), File.ReadAllBytes(file.FullName), bag)?.Root;
    }

    private static string Folder(FileInfo file) => Path.GetDirectoryName(file.ToString())?.Replace('\\', '/') is { Length: > 0 } folder ? folder : ".";
}
