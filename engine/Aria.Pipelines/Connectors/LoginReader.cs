using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>http.auth.login</c>: requests in order, and where what they give goes.</summary>
internal static class LoginReader
{
    private static readonly string[] Roots = ["settings", "login"];

    public static AuthDefinition.Login Read(JsonCursor login, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        login.AllowOnly(bag, "steps", "headers", "query", "body", "baseUrl", "expiresAt", "expiresIn", "unit", "maxAge");
        var steps = new List<LoginStep>();
        if (login.Required("steps", bag) is { } owner && owner.IsArray(bag))
        {
            steps.AddRange(owner.Items().Where(i => i.IsObject(bag)).Select(i => ReadStep(i, steps, source)));
            if (!owner.Items().Any())
            {
                bag.Error(DefinitionCodes.InvalidValue, owner.Position, "The login has no steps.", "Name the requests that give the credentials; without any, use \"keys\".");
            }
        }
        TimeSpan unit = login.Optional("unit")?.OneOf(bag, "seconds", "milliseconds", "minutes") switch
        {
            "milliseconds" => TimeSpan.FromMilliseconds(1),
            "minutes" => TimeSpan.FromMinutes(1),
            _ => TimeSpan.FromSeconds(1),
        };
        var life = new LoginLife(source.OptionalValue(login, "expiresAt", "login"), source.OptionalValue(login, "expiresIn", "login"), unit, login.OptionalDuration("maxAge", bag));
        return new AuthDefinition.Login(steps, AuthReader.Places(login, source, Roots), source.OptionalValue(login, "baseUrl", Roots), life);
    }

    private static LoginStep ReadStep(JsonCursor step, List<LoginStep> earlier, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        step.AllowOnly(bag, "id", "when", "request", "accept", "optional", "rotate", "follow");
        string id = step.Required("id", bag)?.Identifier(bag) ?? "";
        if (earlier.Exists(s => s.Id == id))
        {
            bag.Error(ConnectorCodes.Name, step.Optional("id")!.Value.Position, $"Step '{id}' appears twice.");
        }
        return new LoginStep(id, step.Required("request", bag) is { } request && request.IsObject(bag) ? RequestReader.Read(request, source, Roots) : RequestReader.Unusable)
        {
            Title = $"Step '{id}' of the login",
            When = source.OptionalCondition(step, "when", Roots),
            Accept = ReadStatuses(step, bag),
            Optional = step.OptionalFlag("optional", false, bag),
            Rotates = ReadRotation(step, source),
            Follow = ReadDomains(step, source),
        };
    }

    private static CompiledMapping[] ReadDomains(JsonCursor step, ConnectorSource source) =>
        step.Optional("follow") is { } owner && owner.IsArray(source.Bag) ? [.. owner.Items().Select(i => source.Value(i, "settings"))] : [];

    private static List<int> ReadStatuses(JsonCursor step, DiagnosticBag bag)
    {
        var statuses = new List<int>();
        if (step.Optional("accept") is not { } owner || !owner.IsArray(bag))
        {
            return statuses;
        }
        foreach (JsonCursor item in owner.Items())
        {
            if (item.Kind == JsonValueKind.Number && item.Element.TryGetInt32(out int status) && status is >= 200 and <= 599)
            {
                statuses.Add(status);
            }
            else
            {
                bag.Error(DefinitionCodes.InvalidValue, item.Position, "This is not an HTTP status.", "Write for example 200, or 302 when the answer's Location is wanted.");
            }
        }
        return statuses;
    }

    private static KeyValuePair<string, CompiledMapping>? ReadRotation(JsonCursor step, ConnectorSource source)
    {
        if (step.Optional("rotate") is not { } rotate || !rotate.IsObject(source.Bag))
        {
            return null;
        }
        (string Name, JsonCursor Value)[] members = [.. rotate.Properties()];
        if (members.Length != 1)
        {
            source.Bag.Error(DefinitionCodes.InvalidValue, rotate.Position, "A step replaces one secret.", "Write { \"<setting>\": \"{{ response.body.refresh_token }}\" }.");
            return null;
        }
        source.NeedSecret(members[0].Name, members[0].Value);
        return new(members[0].Name, source.Value(members[0].Value, "response"));
    }
}
