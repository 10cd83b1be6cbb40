using System.Globalization;
using Aria.Pipelines.Authoring.Explanation;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Offers;

/// <summary>What every system offers, how, and what may be done when an outcome is unknown: read from the definitions alone.</summary>
internal static class OfferMatrix
{
    /// <summary>All rows: by system, its events, its operations, then what it does not have.</summary>
    public static IReadOnlyList<Offer> Of(IEnumerable<Connector> connectors) =>
        [.. connectors.OrderBy(c => c.Name, StringComparer.Ordinal).SelectMany(c => Events(c).Concat(Operations(c)).Concat(Absent(c)))];

    private static IEnumerable<Offer> Events(Connector connector) =>
        from found in connector.Events.Values
        let reads = found.Enrich is { } enrich ? $", completed by {Count(enrich.Reads.Count, "read")}" : ""
        select found switch
        {
            { Poll: { } poll } => new Offer(connector.Name, found.Type, OfferKind.Event, $"asked every {Wording.Of(poll.Interval)}{reads}", null, Limit(connector)),
            { PolledWith: { } other } => new Offer(connector.Name, found.Type, OfferKind.Event, $"asked with {other}{reads}", null, Limit(connector)),
            _ => new Offer(connector.Name, found.Type, OfferKind.Event, $"webhook{(found.Feeds.Values.FirstOrDefault() is { } feed ? $", or by setting '{found.FeedSetting}' asked every {Wording.Of(feed.Interval)}" : "")}{reads}", null, found.Enrich is null ? null : Limit(connector)),
        };

    private static IEnumerable<Offer> Operations(Connector connector) =>
        from operation in connector.Operations.Values
        select new Offer(connector.Name, operation.Name, OfferKind.Operation, How(operation), Effect(connector, operation), Limit(connector));

    private static IEnumerable<Offer> Absent(Connector connector) =>
        from limitation in connector.Limitations
        let instead = limitation.Value.Instead is { } other ? $"instead: {other}" : "no fallback"
        select new Offer(connector.Name, limitation.Key, OfferKind.Absent, $"cannot: {limitation.Value.Because.TrimEnd('.')}; {instead}", null, null);

    private static string How(ConnectorOperation operation)
    {
        string reads = Count(operation.Reads.Count, "read");
        string sent = operation switch
        {
            { PreparedByCode: true } => "code",
            { Request: { } request } => request.Method,
            { Parts: { Count: > 0 } parts } => string.Join(", ", parts.Select(p => p.Operation.Name)),
            _ => "",
        };
        string how = sent.Length == 0 ? reads : operation.Reads.Count == 0 ? sent : $"{sent} after {reads}";
        IEnumerable<string> landed = operation.Destinations
            .GroupBy(d => string.Join(" and ", d.Value), d => d.Key)
            .Select(g => $"{string.Join(", ", g)} → {g.Key}");
        return string.Join("; ", landed.Prepend(how));
    }

    private static string Effect(Connector connector, ConnectorOperation operation)
    {
        if (operation.Parts.Count > 0)
        {
            return $"each as its part, at least {operation.Parts.Max(p => p.Operation.Effect).ToString().ToLowerInvariant()}";
        }
        string effect = operation.Effect.ToString().ToLowerInvariant();
        return operation.EffectSetting is { } name && connector.Settings.TryGetValue(name, out SettingDefinition? setting)
            ? $"{effect}, or by setting '{name}' {Wording.OneOf([.. setting.Allowed.Where(a => a != effect)])}"
            : effect;
    }

    private static string? Limit(Connector connector) => connector.Http.Limit is { } limit
        ? string.Join(", ", connector.Http.MoreLimits.Prepend(limit)
            .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Limit} in {Wording.Of(l.Window)}"))
            .Concat(connector.Http.Concurrent is { } count ? [string.Create(CultureInfo.InvariantCulture, $"{count} at once")] : []))
        : null;

    private static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
