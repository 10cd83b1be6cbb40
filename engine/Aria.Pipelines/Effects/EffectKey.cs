using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Effects;

/// <summary>The deterministic key of an effect: idempotency key, external id or marker. A replay of the event gets the same one.</summary>
internal static class EffectKey
{
    /// <summary>32 lower-case hex digits that depend on the event, the pipeline, the step's path and the iteration, and on nothing else.</summary>
    /// <param name="eventId">Public id of the event.</param>
    /// <param name="pipeline">Id of the pipeline.</param>
    /// <param name="path">Step path.</param>
    /// <param name="iteration">0 outside of loops.</param>
    /// <param name="force">0, or how often operators had the effect made anew: then the target must not take it for the former one.</param>
    public static string Of(string eventId, string pipeline, string path, int iteration, int force = 0)
    {
        string text = string.Join('\n', eventId, pipeline, path, iteration.ToString(CultureInfo.InvariantCulture));
        text = force == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}\n{force}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
