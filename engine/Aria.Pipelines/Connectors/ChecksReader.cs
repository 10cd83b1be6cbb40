using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>checks</c>: what a connector asks of a live account before anything runs. A check is an operation that consists of its reads.</summary>
internal static class ChecksReader
{
    private static readonly JsonElement Nothing = JsonElement.Parse("true");
    private static readonly ISchema NoInput = SchemaCompiler.Compile(Nothing);

    public static IReadOnlyList<ConnectorOperation> Read(JsonCursor root, HttpDefinition? http, ConnectorSource source)
    {
        var checks = new List<ConnectorOperation>();
        if (root.Optional("checks") is not { } owner || !owner.IsArray(source.Bag))
        {
            return checks;
        }
        foreach (JsonCursor item in owner.Items().Where(i => i.IsObject(source.Bag)))
        {
            ConnectorOperation check = ReadOne(item, http, source);
            if (checks.Exists(c => c.Name == check.Name))
            {
                source.Bag.Error(ConnectorCodes.Name, item.Optional("id")!.Value.Position, $"Check '{check.Name}' appears twice.");
            }
            checks.Add(check);
        }
        return checks;
    }

    private static ConnectorOperation ReadOne(JsonCursor item, HttpDefinition? http, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        item.AllowOnly(bag, "id", "description", "reads", "find", "scopes");
        string id = item.Required("id", bag)?.Identifier(bag) ?? "";
        item.Required("reads", bag);
        IReadOnlyList<ConnectorRead> reads = ReadsReader.Read(item, http, source);
        for (int i = 0; i < reads.Count; i++)
        {
            if (reads[i].Request.Method != "GET")
            {
                bag.Error(ConnectorCodes.Contradiction, item.Optional("reads")!.Value.Items().ElementAt(i).Position, $"Check '{id}' would send {reads[i].Request.Method}: a check only reads.");
            }
        }
        return new ConnectorOperation
        {
            Name = id,
            Description = item.OptionalText("description", bag) ?? "",
            Effect = EffectClass.Read,
            InputSchema = Nothing,
            Input = NoInput,
            Reads = reads,
            Output = source.OptionalValue(item, "find", "input", "settings", "reads") ?? FoundNothing(item, source),
            Sample = Nothing,
            Scopes = item.OptionalTexts("scopes", bag),
        };
    }

    /// <summary>Without <c>find</c>, a check only asks whether its reads are answered.</summary>
    private static CompiledMapping FoundNothing(JsonCursor item, ConnectorSource source) =>
        source.Value(new JsonCursor(item.Document, JsonElement.Parse("null"), item.Pointer));
}
