using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Effects;

/// <summary>The deterministic key of an effect: idempotency key, external id or marker. A replay of the event gets the same one.</summary>
internal static class EffectKey
{
    /// <summary>32 lower-case hex digits that depend on the event, the pipeline, the step's path and the iteration, and on nothing else.</summary>
    public static string Of(string eventId, string pipeline, string path, int iteration)
    {
        string text = string.Join('\n', eventId, pipeline, path, iteration.ToString(CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
