namespace Aria.Pipelines.Definitions;

/// <summary>Reads connections and environments strictly.</summary>
internal static class ConnectionReader
{
    public static ConnectionDefinition ReadConnection(string id, SourceDocument document, DiagnosticBag bag)
    {
        JsonCursor root = document.Cursor;
        if (root.IsObject(bag))
        {
            root.AllowOnly(bag, "connector", "description", "settings", "limits", "scopes");
        }
        return new ConnectionDefinition(id, root.Required("connector", bag)?.Reference(bag), Settings(root, bag), Limit(root, bag), root.Position)
        {
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
        var overlays = new Dictionary<string, ConnectionDefinition>();
        if (root.Optional("connections") is { } connections && connections.IsObject(bag))
        {
            foreach ((string id, JsonCursor value) in connections.Properties().Where(p => p.Value.IsObject(bag)))
            {
                value.AllowOnly(bag, "settings", "limits");
                overlays[id] = new ConnectionDefinition(id, null, Settings(value, bag), Limit(value, bag), value.NamePosition);
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
        limits.AllowOnly(bag, "perHour", "requests", "per");
        if (limits.OptionalCount("perHour", bag) is { } perHour)
        {
            return new LimitDefinition(Math.Max(1, perHour), TimeSpan.FromHours(1));
        }
        int? requests = limits.OptionalCount("requests", bag);
        TimeSpan? window = limits.OptionalDuration("per", bag);
        if (requests is > 0 && window > TimeSpan.Zero)
        {
            return new LimitDefinition(requests.Value, window.Value);
        }
        bag.Error(DefinitionCodes.MissingProperty, limits.Position, "A limit needs 'perHour', or 'requests' with 'per'.", "Write { \"perHour\": 1000 } or { \"requests\": 50, \"per\": \"30s\" }.");
        return null;
    }
}
