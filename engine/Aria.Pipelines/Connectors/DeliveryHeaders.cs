using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads headers by name in any case, whatever comparer the caller's dictionary has.</summary>
internal static class DeliveryHeaders
{
    public static IReadOnlyList<string> Of(Delivery delivery, string name) => Find(delivery.Headers, name);

    public static IReadOnlyList<string> Find(IReadOnlyDictionary<string, IReadOnlyList<string>> headers, string name)
    {
        IReadOnlyList<string> found = [];
        foreach ((string key, IReadOnlyList<string> values) in headers)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                found = found.Count == 0 ? values : [.. found, .. values];
            }
        }
        return found;
    }
}
