using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>provision</c>.</summary>
internal static class ProvisionReader
{
    public static IReadOnlyList<Provision> Read(JsonCursor root, DiagnosticBag bag)
    {
        var found = new List<Provision>();
        if (root.Optional("provision") is not { } owner || !owner.IsArray(bag))
        {
            return found;
        }
        string[] checks = [.. root.Optional("checks") is { Kind: JsonValueKind.Array } list ? list.Items().Select(c => c.Optional("id")).Select(i => i is { Kind: JsonValueKind.String } id ? id.Element.GetString()! : "") : []];
        foreach (JsonCursor item in owner.Items().Where(i => i.IsObject(bag)))
        {
            item.AllowOnly(bag, "id", "instructions", "check");
            string id = item.Required("id", bag)?.Identifier(bag) ?? "";
            string? check = item.OptionalText("check", bag);
            if (found.Exists(p => p.Id == id))
            {
                bag.Error(ConnectorCodes.Name, item.Optional("id")!.Value.Position, $"'{id}' appears twice.");
            }
            if (check is not null && !checks.Contains(check))
            {
                bag.Error(ConnectorCodes.Contradiction, item.Optional("check")!.Value.Position, $"This connector has no check '{check}'.", Suggestion.For(check, checks));
            }
            found.Add(new Provision(id, item.RequiredText("instructions", bag), check));
        }
        return found;
    }
}
