using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Offers;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria connector list</c>: which connectors are installed, and with <c>--matrix</c> what each of them offers.</summary>
internal static class ConnectorListVerb
{
    private static readonly string[] MatrixTitles = ["System", "Event or operation", "How", "Effect class", "Limit"];
    private static readonly string[] MatrixMembers = ["system", "name", "how", "effect", "limit"];
    private static readonly string[] Titles = ["Connector", "Version", "Contract", "Code", "Lock", "From"];
    private static readonly string[] Members = ["connector", "version", "contract", "code", "lock", "from"];

    public static Command Create()
    {
        var options = new CommonOptions();
        var matrix = new Option<bool>("--matrix") { Description = "What each system offers, how, and what it cannot" };
        Command command = CommonOptions.AddTo(new Command("list", "List the installed connectors"), options.Plugins, matrix, options.Json);
        command.SetAction(parsed => List(options.Engine(parsed).Plugins, parsed.GetValue(matrix), parsed.GetValue(options.Json)));
        return command;
    }

    private static int List(string plugins, bool matrix, bool json)
    {
        var bag = new DiagnosticBag();
        using InstalledConnectors installed = InstalledConnectors.Load(plugins, plugins.Replace('\\', '/').TrimEnd('/'), new MappingCompiler(), bag);
        JsonArray rows = matrix ? Offers(installed) : Connectors(installed);
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(rows));
        }
        else
        {
            Terminal.Write(matrix ? Terminal.Table(MatrixTitles, MatrixMembers, rows) : Terminal.Table(Titles, Members, rows));
        }
        Terminal.Write(bag.Items);
        return bag.HasErrors ? ExitCode.Failure : ExitCode.Good;
    }

    private static JsonArray Connectors(InstalledConnectors installed) => [.. installed.All.Select(c => (JsonNode)new JsonObject
    {
        ["connector"] = c.Connector.Name,
        ["version"] = c.Connector.Version,
        ["contract"] = ConnectorContract.Version,
        ["code"] = c.Code is { } code ? $"{code.AssemblyName} {code.AssemblyVersion.ToString(3)}" : null,
        ["lock"] = LockOf(c),
        ["from"] = c.Folder.DisplayPath,
    })];

    /// <summary>A connector that is listed holds its lock; one that does not is a finding.</summary>
    private static string LockOf(InstalledConnector installed) => installed switch
    {
        { Code: { } code } when Path.GetDirectoryName(code.File) == installed.Folder.BuildDirectory => "by its build",
        _ when ConnectorLock.Exists(installed.Folder.Directory) => "locked",
        _ => "none needed",
    };

    private static JsonArray Offers(InstalledConnectors installed) => [.. OfferMatrix.Of(installed.ByName.Values).Select(o => (JsonNode)new JsonObject
    {
        ["system"] = o.System,
        ["name"] = o.Name,
        ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(o.Kind.ToString()),
        ["how"] = o.How,
        ["effect"] = o.Effect,
        ["limit"] = o.Limit,
    })];
}
