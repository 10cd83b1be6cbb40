using System.CommandLine;
using System.Net;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Options that several verbs share. Each verb adds those it takes.</summary>
internal sealed class CommonOptions
{
    /// <summary>The data folder of those who name none.</summary>
    public const string DefaultData = "data";

    public Option<string> Workspace { get; } = new("--workspace") { Description = "Folder of connections, environments and pipelines", DefaultValueFactory = _ => "pipelines" };

    public Option<string> Plugins { get; } = new("--plugins") { Description = "Folder of connectors", DefaultValueFactory = _ => "plugins" };

    public Option<string> Data { get; } = new("--data") { Description = "Folder of the store", DefaultValueFactory = _ => DefaultData };

    public Option<string> Store { get; } = StoreOption();

    public Option<string> Environment { get; } = new("--environment") { Description = "Environment whose overlay and secrets are used", DefaultValueFactory = _ => "production" };

    public Option<string?> Secrets { get; } = new("--secrets") { Description = "Folder of mounted secrets: <folder>/<environment>/<name>" };

    public Option<string> Urls { get; } = ListenOption();

    public Option<string?> Management { get; } = Listenable(new Option<string?>("--management") { Description = "Address for metrics, for example http://127.0.0.1:9464; they are always on the control socket" });

    public Option<bool> Json { get; } = new("--json") { Description = "Output for machines" };

    public static Command AddTo(Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
        return command;
    }

    /// <summary>How many rows a list has.</summary>
    public static Option<int> Max()
    {
        var max = new Option<int>("--max") { Description = "How many, newest first", DefaultValueFactory = _ => 50 };
        max.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number < 1)
            {
                result.AddError("Option '--max' takes a whole number, 1 or more.");
            }
        });
        return max;
    }

    /// <summary>Where secrets come from: variables, and a mounted folder when there is one.</summary>
    public static CombinedSecretSource SecretsOf(string environment, string? folder)
    {
        var variables = new EnvironmentSecretSource(environment);
        return folder is null ? new CombinedSecretSource([variables]) : new CombinedSecretSource([new FolderSecretSource(folder, environment), variables]);
    }

    public EngineOptions Engine(ParseResult parsed) => new()
    {
        Workspace = Value(parsed, Workspace, "pipelines"),
        Plugins = Value(parsed, Plugins, "plugins"),
        Data = Value(parsed, Data, DefaultData),
        Store = Value(parsed, Store, StoreKinds.Sqlite),
        Environment = Value(parsed, Environment, "production"),
    };

    private static Option<string> StoreOption()
    {
        var store = new Option<string>("--store") { Description = $"Kind of the store: {StoreKinds.Choice}", DefaultValueFactory = _ => StoreKinds.Sqlite };
        store.Validators.Add(result =>
        {
            foreach (string name in result.Tokens.Select(t => t.Value).Except(StoreKinds.Names))
            {
                result.AddError($"There is no store of the kind '{name}'. Ask for {StoreKinds.Choice}.");
            }
        });
        return store;
    }

    private static Option<string> ListenOption() =>
        Listenable(new Option<string>("--urls") { Description = "Address to listen on", DefaultValueFactory = _ => "http://127.0.0.1:5080" });

    private static Option<T> Listenable<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            foreach (string url in result.Tokens.SelectMany(t => t.Value.Split(';')).Where(u => !IsListenable(u)))
            {
                result.AddError($"The host cannot listen on '{url}'. Write http, an IP address, 'localhost' or '*', and a port: http://127.0.0.1:5080. HTTPS ends at the proxy before it.");
            }
        });
        return option;
    }

    private static bool IsListenable(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url.Trim());
            return address.Scheme == Uri.UriSchemeHttp && address.PathBase.Length == 0 && !address.IsUnixPipe && !address.IsNamedPipe
                && (address.Host is "localhost" or "*" or "+" || IPAddress.TryParse(address.Host, out _));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Value(ParseResult parsed, Option<string> option, string otherwise) =>
        parsed.CommandResult.Command.Options.Contains(option) ? parsed.GetRequiredValue(option) : otherwise;
}
