using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>connector.json</c> strictly: every finding of the file in one pass, each at its place.</summary>
internal static partial class ConnectorReader
{
    public const string FileName = "connector.json";

    /// <summary>Reads the definition of a connector.</summary>
    /// <param name="files">The connector's folder.</param>
    /// <param name="code">The code half; null for a connector of JSON alone.</param>
    /// <param name="mappings">Compiles its templates.</param>
    /// <param name="bag">Receives every finding.</param>
    /// <returns>The connector, or null when there were errors.</returns>
    public static Connector? Read(IDefinitionFiles files, IConnector? code, IMappingCompiler mappings, DiagnosticBag bag)
    {
        var findings = new DiagnosticBag();
        Connector? connector = ReadFile(files, code, mappings, findings);
        bag.AddRange(findings.Items);
        return findings.HasErrors ? null : connector;
    }

    /// <summary>The DLL that a connector names under <c>code</c>; null when it is JSON alone, or cannot be read (which <see cref="Read"/> reports).</summary>
    public static Reference? CodeFile(IDefinitionFiles files) => Member(files, "code");

    /// <summary>The name that a connector gives itself; null when its definition cannot be read (which <see cref="Read"/> reports).</summary>
    public static string? NameIn(IDefinitionFiles files) => Member(files, "connector")?.Name;

    private static Reference? Member(IDefinitionFiles files, string name)
    {
        var unreported = new DiagnosticBag();
        return files.Read(FileName) is { } bytes && SourceDocument.Parse(files.PathOf(FileName), bytes, unreported) is { } document
            ? document.Cursor.Optional(name)?.Reference(unreported)
            : null;
    }

    private static Connector? ReadFile(IDefinitionFiles files, IConnector? code, IMappingCompiler mappings, DiagnosticBag bag)
    {
        byte[]? bytes = files.Read(FileName);
        if (bytes is null)
        {
            bag.Error(DefinitionCodes.MissingFile, new SourcePosition(files.PathOf(FileName), null, null), $"'{FileName}' does not exist.", "Every connector folder has one.");
            return null;
        }
        if (SourceDocument.Parse(files.PathOf(FileName), bytes, bag) is not { } document || !document.Cursor.IsObject(bag))
        {
            return null;
        }
        JsonCursor root = document.Cursor;
        root.AllowOnly(bag, "connector", "version", "contract", "title", "description", "code", "settings", "http", "webhook", "events", "operations", "cannot", "personal", "provision", "checks");
        string name = root.RequiredText("connector", bag);
        CheckIdentity(root, name, bag);
        var source = new ConnectorSource(files, code, mappings, SettingsReader.Read(root, bag), bag);
        source = source with { Settings = SettingsReader.WithConditions(root, source) };
        HttpDefinition? http = root.Required("http", bag) is { } h && h.IsObject(bag) ? HttpReader.Read(h, source) : null;
        WebhookDefinition? webhook = root.Optional("webhook") is { } w && w.IsObject(bag) ? WebhookReader.Read(w, root.Optional("events") is { Kind: JsonValueKind.Object } e ? e : null, source) : null;
        IReadOnlyDictionary<string, ConnectorEvent> events = EventsReader.Read(root, http, webhook, source);
        IReadOnlyDictionary<string, ConnectorOperation> operations = OperationsReader.Read(root, http, source);
        if (http is null)
        {
            return null;
        }
        var connector = new Connector
        {
            Name = name,
            Version = root.OptionalText("version", bag) ?? "",
            Title = root.OptionalText("title", bag) ?? name,
            Description = root.OptionalText("description", bag) ?? "",
            Settings = source.Settings,
            Http = http,
            Webhook = webhook,
            Events = events,
            Operations = operations,
            Limitations = LimitationsReader.Read(root, bag),
            Provisions = ProvisionReader.Read(root, bag),
            Checks = ChecksReader.Read(root, http, source),
            Personal = root.OptionalTexts("personal", bag),
            Code = code,
        };
        if (!bag.HasErrors)
        {
            new ConnectorRules(root, bag).Check(connector);
        }
        return connector;
    }

    private static void CheckIdentity(JsonCursor root, string name, DiagnosticBag bag)
    {
        if (name.Length > 0 && !NamePattern().IsMatch(name))
        {
            bag.Error(ConnectorCodes.Name, root.Optional("connector")!.Value.Position, $"'{name}' is not a connector name.", "Use lower-case letters, digits and '-', beginning with a letter.");
        }
        string version = root.RequiredText("version", bag);
        if (version.Length > 0 && !VersionPattern().IsMatch(version))
        {
            bag.Error(DefinitionCodes.InvalidValue, root.Optional("version")!.Value.Position, $"'{version}' is not a version.", "Write three numbers, for example 1.0.0.");
        }
        _ = root.RequiredText("title", bag);
        if (root.Required("contract", bag) is { } contract)
        {
            CheckContract(contract, name, bag);
        }
    }

    private static void CheckContract(JsonCursor contract, string name, DiagnosticBag bag)
    {
        if (contract.Kind != JsonValueKind.Number || !contract.Element.TryGetInt32(out int version))
        {
            contract.WrongType("a whole number", bag);
            return;
        }
        if (version == ConnectorContract.Version)
        {
            return;
        }
        string ours = ConnectorContract.Version.ToString(CultureInfo.InvariantCulture);
        string advice = version > ConnectorContract.Version
            ? $"Update this host to a release that speaks contract {version.ToString(CultureInfo.InvariantCulture)}, or install a version of '{name}' written for contract {ours}."
            : $"Install a newer version of '{name}'. Its author rebuilds it against Aria.Pipelines.Abstractions for contract {ours} and writes \"contract\": {ours}.";
        bag.Error(ConnectorCodes.Contract, contract.Position,
            $"Connector '{name}' is written for contract {version.ToString(CultureInfo.InvariantCulture)}, this host speaks contract {ours}.", advice, DiagnosticFault.Connector);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[0-9]{1,6}\\.[0-9]{1,6}\\.[0-9]{1,6}(-[0-9A-Za-z.-]{1,40})?$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex VersionPattern();
}
