using System.CommandLine;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria connector lock</c>: trusts what connector folders hold now, so that changed bytes are not loaded.</summary>
internal static class ConnectorLockVerb
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var folders = new Argument<string[]>("folder") { Description = "Connector folders; all of the plugins folder that come with a DLL or a lock when none is given", Arity = ArgumentArity.ZeroOrMore };
        var check = new Option<bool>("--check") { Description = "Write nothing; fail when a folder is not what was locked" };
        Command command = CommonOptions.AddTo(new Command("lock", "Lock what connector folders hold now: changed bytes are not loaded"), options.Plugins, check, options.Json);
        command.Arguments.Add(folders);
        command.SetAction(parsed => Lock(options.Engine(parsed).Plugins, parsed.GetValue(folders) ?? [], parsed.GetValue(check), parsed.GetValue(options.Json)));
        return command;
    }

    private static int Lock(string plugins, string[] named, bool check, bool json)
    {
        var bag = new DiagnosticBag();
        var rows = new JsonArray();
        foreach (PluginFolder folder in named.Length == 0 ? Unbuilt(plugins, bag) : named.Select(n => Named(n, bag)).OfType<PluginFolder>())
        {
            if (LockOne(folder, check) is { } row)
            {
                rows.Add(row);
            }
        }
        if (json)
        {
            Console.WriteLine(HostJson.Pretty(rows));
        }
        else
        {
            WriteLines(rows, plugins, check);
        }
        Terminal.Write(bag.Items);
        bool differs = rows.OfType<JsonObject>().Any(r => r["error"] is not null || (check && !(bool)r["locked"]!));
        return bag.HasErrors || differs ? ExitCode.Failure : ExitCode.Good;
    }

    private static JsonObject LockOne(PluginFolder folder, bool check)
    {
        var row = new JsonObject { ["folder"] = folder.DisplayPath };
        try
        {
            FolderImage image = FolderImage.Read(folder.Directory);
            IReadOnlyList<string>? changes = ConnectorLock.Exists(folder.Directory) ? ConnectorLock.Differences(folder.Directory, image) : null;
            row["changes"] = changes is null ? null : new JsonArray([.. changes.Select(c => (JsonNode)c)]);
            row["files"] = check ? image.Names.Count() : ConnectorLock.Write(folder.Directory, image);
            row["locked"] = !check || changes is { Count: 0 };
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            row["locked"] = false;
            row["error"] = e.Message;
        }
        return row;
    }

    /// <summary>Folders that come with what they load. A folder whose DLL is built here is locked by its build.</summary>
    private static IEnumerable<PluginFolder> Unbuilt(string plugins, DiagnosticBag bag) => PluginFolder
        .Find(plugins, plugins, bag)
        .Where(f => ConnectorLock.Exists(f.Directory) || (ConnectorReader.CodeFile(f.Files) is { } code && File.Exists(Path.Combine(f.Directory, code.Name))));

    private static PluginFolder? Named(string path, DiagnosticBag bag)
    {
        string shown = path.Replace('\\', '/').TrimEnd('/');
        string full = Path.GetFullPath(shown);
        string parent = Path.GetDirectoryName(full) ?? full;
        PluginFolder? found = PluginFolder.Find(parent, Path.GetDirectoryName(shown) is { Length: > 0 } display ? display : ".", bag).FirstOrDefault(f => f.Directory == full);
        if (found is null)
        {
            bag.Error(PluginCodes.FolderRefused, new SourcePosition(shown, null, null), $"'{shown}' is not a connector folder.", $"Give a folder that holds a {ConnectorReader.FileName}.", Abstractions.DiagnosticFault.Operator);
        }
        return found;
    }

    private static void WriteLines(JsonArray rows, string plugins, bool check)
    {
        if (rows.Count == 0)
        {
            Console.WriteLine($"No folder in '{plugins}' comes with a DLL or a lock. What is built here is locked by its build.");
        }
        foreach (JsonObject row in rows.OfType<JsonObject>())
        {
            string[] changes = [.. row["changes"]?.AsArray().Select(c => (string)c!) ?? []];
            string before = row["changes"] is null ? "for the first time" : changes.Length == 0 ? "as before" : string.Join(", ", changes);
            Console.WriteLine(row["error"] is { } error ? $"{row["folder"]}: {error}"
                : !check ? $"{row["folder"]}: {row["files"]} files locked, {before}"
                : (bool)row["locked"]! ? $"{row["folder"]}: {row["files"]} files as locked"
                : $"{row["folder"]}: {(row["changes"] is null ? "not locked" : before)}");
        }
    }
}
