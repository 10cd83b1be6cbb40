using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>parts</c> of operations: the changes of an operation that makes several.</summary>
internal static partial class PartsReader
{
    // What belongs to one request is said where that request is: in the operation that a part names.
    private static readonly string[] OfOneRequest = ["effect", "reads", "request", "lookup", "idempotency", "reference", "touches"];

    /// <summary>Reads the parts of an operation.</summary>
    /// <param name="name">Name of the operation.</param>
    /// <param name="value">The operation.</param>
    /// <param name="single">The connector's operations of one request.</param>
    /// <param name="source">The connector's parts.</param>
    public static IReadOnlyList<OperationPart> Read(string name, JsonCursor value, IReadOnlyDictionary<string, ConnectorOperation> single, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        foreach (JsonCursor found in OfOneRequest.Select(value.Optional).OfType<JsonCursor>())
        {
            bag.Error(ConnectorCodes.Contradiction, found.NamePosition, $"Operation '{name}' consists of parts, each of which has this for itself.", "Write it in the operation that the part names.");
        }
        var parts = new List<OperationPart>();
        if (value.Optional("parts") is not { } owner || !owner.IsArray(bag))
        {
            return parts;
        }
        foreach (JsonCursor item in owner.Items().Where(i => i.IsObject(bag)))
        {
            if (ReadOne(item, single, source) is { } part)
            {
                if (parts.Exists(p => p.Id == part.Id))
                {
                    bag.Error(ConnectorCodes.Name, item.Optional("id")!.Value.Position, $"Part '{part.Id}' appears twice.", "The id is part of the identity of its effect.");
                }
                parts.Add(part);
            }
        }
        if (!owner.Items().Any())
        {
            bag.Error(ConnectorCodes.Contradiction, owner.Position, $"Operation '{name}' sends nothing.", "Name at least one operation in 'parts'.");
        }
        return parts;
    }

    private static OperationPart? ReadOne(JsonCursor item, IReadOnlyDictionary<string, ConnectorOperation> single, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        item.AllowOnly(bag, "id", "when", "operation", "with");
        string id = item.RequiredText("id", bag);
        if (id.Length > 0 && !IdPattern().IsMatch(id))
        {
            bag.Error(ConnectorCodes.Name, item.Optional("id")!.Value.Position, $"'{id}' is not a name for a part.", "Use snake_case letters and digits, beginning with a letter.");
        }
        string named = item.RequiredText("operation", bag);
        Mapping.CompiledMapping with = source.RequiredValue(item, "with", "input", "settings");
        Mapping.CompiledMapping? when = source.OptionalCondition(item, "when", "input", "settings");
        if (single.TryGetValue(named, out ConnectorOperation? operation))
        {
            return new OperationPart(id, when, operation, with);
        }
        if (item.Optional("operation") is { Kind: JsonValueKind.String } at)
        {
            bag.Error(ConnectorCodes.Contradiction, at.Position, $"This connector has no operation of one request '{named}' to be a part.", Suggestion.For(named, [.. single.Keys]));
        }
        return null;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex IdPattern();
}
