using System.Net;

namespace Aria.Pipelines.Definitions;

/// <summary>Reads connections and environments strictly.</summary>
internal static class ConnectionReader
{
    public static ConnectionDefinition ReadConnection(string id, SourceDocument document, DiagnosticBag bag)
    {
        JsonCursor root = document.Cursor;
        if (!root.IsObject(bag))
        {
            return new ConnectionDefinition(id, null, new Dictionary<string, JsonCursor>(), null, root.Position);
        }
        root.AllowOnly(bag, "connector", "description", "settings", "limits", "scopes", "trust", "allowFrom");
        _ = root.OptionalText("description", bag);
        return new ConnectionDefinition(id, root.Required("connector", bag)?.Reference(bag), Settings(root, bag), Limit(root, bag), root.Position)
        {
            Breaker = Breaker(root, bag),
            AllowFrom = AllowFrom(root, bag),
            Trust = root.Optional("trust"),
            Scopes = root.Optional("scopes") is { } scopes && scopes.IsArray(bag) ? root.OptionalTexts("scopes", bag) : null,
        };
    }

    public static EnvironmentDefinition ReadEnvironment(string name, SourceDocument document, DiagnosticBag bag)
    {
        JsonCursor root = document.Cursor;
        if (!root.IsObject(bag))
        {
            return EnvironmentDefinition.Strict(name);
        }
        root.AllowOnly(bag, "description", "allowLoopback", "allowPlainHttp", "connections");
        _ = root.OptionalText("description", bag);
        var overlays = new Dictionary<string, ConnectionDefinition>();
        if (root.Optional("connections") is { } connections && connections.IsObject(bag))
        {
            foreach ((string id, JsonCursor value) in connections.Properties().Where(p => p.Value.IsObject(bag)))
            {
                value.AllowOnly(bag, "settings", "limits", "trust", "allowFrom");
                overlays[id] = new ConnectionDefinition(id, null, Settings(value, bag), Limit(value, bag), value.NamePosition) { Breaker = Breaker(value, bag), AllowFrom = AllowFrom(value, bag), Trust = value.Optional("trust") };
            }
        }
        return new EnvironmentDefinition(
            name, root.OptionalFlag("allowLoopback", false, bag), root.OptionalFlag("allowPlainHttp", false, bag), overlays, root.Position);
    }

    private static Dictionary<string, JsonCursor> Settings(JsonCursor owner, DiagnosticBag bag) =>
        owner.Optional("settings") is { } settings && settings.IsObject(bag) ? settings.Properties().ToDictionary(p => p.Name, p => p.Value) : [];

    private static LimitDefinition? Limit(JsonCursor owner, DiagnosticBag bag)
    {
        if (owner.Optional("limits") is not { } limits || !limits.IsObject(bag))
        {
            return null;
        }
        limits.AllowOnly(bag, "perHour", "requests", "per", "also", "breaker");
        if (limits.Optional("breaker") is not null && limits.Properties().Count() == 1)
        {
            return null;
        }
        bool isHourly = limits.Optional("perHour") is not null;
        bool isOther = limits.Optional("requests") is not null && limits.Optional("per") is not null;
        if (isHourly == isOther)
        {
            bag.Error(DefinitionCodes.MissingProperty, limits.Position, "A limit needs 'perHour', or 'requests' with 'per'.", "Write { \"perHour\": 1000 } or { \"requests\": 50, \"per\": \"30s\" }.");
            return null;
        }
        LimitDefinition[] also = limits.Optional("also") is { } more && more.IsArray(bag) ? [.. more.Items().Where(w => w.IsObject(bag)).Select(w => Further(w, bag)).OfType<LimitDefinition>()] : [];
        return Window(limits, isHourly, bag) is { } first ? first with { Also = also } : null;
    }

    private static LimitDefinition? Further(JsonCursor window, DiagnosticBag bag)
    {
        window.AllowOnly(bag, "requests", "per");
        return window.Required("requests", bag) is not null && window.Required("per", bag) is not null ? Window(window, isHourly: false, bag) : null;
    }

    private static LimitDefinition? Window(JsonCursor limits, bool isHourly, DiagnosticBag bag)
    {
        int? requests = limits.OptionalPositive(isHourly ? "perHour" : "requests", bag);
        TimeSpan? window = isHourly ? TimeSpan.FromHours(1) : limits.OptionalDuration("per", bag);
        if (window == TimeSpan.Zero)
        {
            bag.Error(DefinitionCodes.InvalidValue, limits.Optional("per")!.Value.Position, "A limit of no time allows nothing.", "Write the time in which so many requests are allowed: 30s, 1h.");
            return null;
        }
        return requests is { } count && window is { } time ? new LimitDefinition(count, time) : null;
    }

    private static List<IPNetwork>? AllowFrom(JsonCursor owner, DiagnosticBag bag)
    {
        if (owner.Optional("allowFrom") is not { } list || !list.IsArray(bag))
        {
            return null;
        }
        var networks = new List<IPNetwork>();
        foreach (JsonCursor item in list.Items())
        {
            if (item.Text(bag) is not { } text)
            {
                continue;
            }
            if (AddressRange.TryParse(text, out IPNetwork network, out string? mend))
            {
                networks.Add(network);
            }
            else
            {
                bag.Error(DefinitionCodes.InvalidValue, item.Position, $"'{text}' is not an address or a network.", mend);
            }
        }
        if (networks.Count == 0 && !list.Items().Any())
        {
            bag.Error(DefinitionCodes.InvalidValue, list.Position, "A list without an address refuses every delivery.", "Name the sender's networks, or leave 'allowFrom' out to take deliveries from anywhere.");
        }
        return networks;
    }

    private static BreakerDefinition? Breaker(JsonCursor owner, DiagnosticBag bag)
    {
        if (owner.Optional("limits")?.Optional("breaker") is not { } breaker || !breaker.IsObject(bag))
        {
            return null;
        }
        breaker.AllowOnly(bag, "failures", "openFor");
        _ = breaker.Required("failures", bag);
        _ = breaker.Required("openFor", bag);
        int? failures = breaker.OptionalPositive("failures", bag);
        TimeSpan? openFor = breaker.OptionalDuration("openFor", bag);
        if (openFor == TimeSpan.Zero)
        {
            bag.Error(DefinitionCodes.InvalidValue, breaker.Optional("openFor")!.Value.Position, "A breaker that opens for no time does not open.", "Write the time before one request probes: 30s.");
        }
        return failures is { } count && openFor is { } time ? new BreakerDefinition(count, time) : null;
    }
}
