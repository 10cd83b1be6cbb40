using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>cannot</c>, and <c>landsIn</c> of operations: what the external system does not have, and where a result ends up in it.</summary>
internal static class LimitationsReader
{
    /// <summary>Said of an input that the system has no place for.</summary>
    public const string Nowhere = "nowhere";

    private static readonly string[] Places = ["field", "note", "tag", "form", "stage", "assessment", "link", "file", Nowhere];

    public static IReadOnlyDictionary<string, Limitation> Read(JsonCursor root, DiagnosticBag bag)
    {
        var limitations = new Dictionary<string, Limitation>();
        if (root.Optional("cannot") is not { } owner || !owner.IsObject(bag))
        {
            return limitations;
        }
        string[] offered = [.. Names(root, "events"), .. Names(root, "operations")];
        foreach ((string name, JsonCursor value) in owner.Properties())
        {
            EventsReader.CheckName(name, value, bag);
            if (!value.IsObject(bag))
            {
                continue;
            }
            value.AllowOnly(bag, "because", "instead");
            limitations.TryAdd(name, new Limitation(value.RequiredText("because", bag), value.OptionalText("instead", bag)));
            Check(name, value, offered, bag);
        }
        return limitations;
    }

    /// <summary>Where each input of an operation ends up: one place or several.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Destinations(JsonCursor operation, DiagnosticBag bag)
    {
        var destinations = new Dictionary<string, IReadOnlyList<string>>();
        if (operation.Optional("landsIn") is not { } owner || !owner.IsObject(bag))
        {
            return destinations;
        }
        string[] inputs = operation.Optional("input")?.Optional("properties") is { } properties ? [.. properties.Properties().Select(p => p.Name)] : [];
        foreach ((string name, JsonCursor value) in owner.Properties())
        {
            if (!inputs.Contains(name))
            {
                bag.Error(ConnectorCodes.Contradiction, value.NamePosition, $"The operation has no input '{name}' that could land anywhere.", Suggestion.For(name, inputs));
            }
            IEnumerable<JsonCursor> places = value.Kind == System.Text.Json.JsonValueKind.Array ? value.Items() : [value];
            destinations.TryAdd(name, [.. places.Select(p => p.OneOf(bag, Places)).OfType<string>()]);
        }
        return destinations;
    }

    private static void Check(string name, JsonCursor value, string[] offered, DiagnosticBag bag)
    {
        if (offered.Contains(name))
        {
            bag.Error(ConnectorCodes.Contradiction, value.NamePosition, $"The connector offers '{name}' and says that it cannot.", "Remove it here, or where it is offered.");
        }
        if (value.Optional("instead") is { } instead && instead.Element.ValueKind == System.Text.Json.JsonValueKind.String && !offered.Contains(instead.Element.GetString()))
        {
            string named = instead.Element.GetString()!;
            bag.Error(ConnectorCodes.Contradiction, instead.Position, $"This connector has no event or operation '{named}' to use instead.", Suggestion.For(named, offered));
        }
    }

    private static IEnumerable<string> Names(JsonCursor root, string group) => root.Optional(group)?.Properties().Select(p => p.Name) ?? [];
}
