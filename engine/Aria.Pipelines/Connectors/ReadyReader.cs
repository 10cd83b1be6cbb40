using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads <c>ready</c>, of a read or of a feed.</summary>
internal static class ReadyReader
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    public static ReadyDefinition? Read(JsonCursor owner, ConnectorSource source)
    {
        DiagnosticBag bag = source.Bag;
        if (owner.Optional("ready") is not { } ready || !ready.IsObject(bag))
        {
            return null;
        }
        ready.AllowOnly(bag, "when", "at", "every", "within");
        TimeSpan every = ready.OptionalDuration("every", bag) ?? Usual;
        TimeSpan within = ready.OptionalDuration("within", bag) ?? PageReader.Patience;
        if (every <= TimeSpan.Zero)
        {
            bag.Error(DefinitionCodes.InvalidValue, ready.Optional("every")!.Value.Position, "The system would be asked without a pause.", "Write a time such as 2s.");
        }
        if (within > PageReader.Patience)
        {
            bag.Error(DefinitionCodes.InvalidValue, ready.Optional("within")!.Value.Position, "A read cannot wait so long.", "Write at most 1m; what takes longer is begun by one operation and found by a feed.");
        }
        return new ReadyDefinition(source.OptionalCondition(ready, "when", "response"), source.OptionalValue(ready, "at", "response"), every, within);
    }
}
