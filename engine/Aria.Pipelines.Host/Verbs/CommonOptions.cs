using System.CommandLine;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Options that several verbs share. Each verb adds those it takes.</summary>
internal sealed class CommonOptions
{
    public Option<string> Workspace { get; } = new("--workspace") { Description = "Folder of connections, environments and pipelines", DefaultValueFactory = _ => "pipelines" };

    public Option<string> Plugins { get; } = new("--plugins") { Description = "Folder of connectors", DefaultValueFactory = _ => "plugins" };

    public Option<string> Data { get; } = new("--data") { Description = "Folder of the store", DefaultValueFactory = _ => "data" };

    public Option<string> Environment { get; } = new("--environment") { Description = "Environment whose overlay and secrets are used", DefaultValueFactory = _ => "production" };

    public Option<string?> Secrets { get; } = new("--secrets") { Description = "Folder of mounted secrets: <folder>/<environment>/<name>" };

    public Option<string> Urls { get; } = new("--urls") { Description = "Address to listen on", DefaultValueFactory = _ => "http://127.0.0.1:5080" };

    public Option<bool> Json { get; } = new("--json") { Description = "Output for machines" };

    public static Command AddTo(Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
        return command;
    }

    public EngineOptions Engine(ParseResult parsed) => new()
    {
        Workspace = Value(parsed, Workspace, "pipelines"),
        Plugins = Value(parsed, Plugins, "plugins"),
        Data = Value(parsed, Data, "data"),
        Environment = Value(parsed, Environment, "production"),
    };

    private static string Value(ParseResult parsed, Option<string> option, string otherwise) =>
        parsed.CommandResult.Command.Options.Contains(option) ? parsed.GetRequiredValue(option) : otherwise;
}
