using System.Globalization;
using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Authoring.Explanation;

/// <summary>The sentences of an explanation.</summary>
internal static class Wording
{
    /// <summary>A time in its largest whole unit: 14 days, 1 hour, 30 s.</summary>
    public static string Of(TimeSpan time)
    {
        (long Ticks, string Name)[] units = [(TimeSpan.TicksPerDay, "day"), (TimeSpan.TicksPerHour, "hour"), (TimeSpan.TicksPerMinute, "minute"), (TimeSpan.TicksPerSecond, "second")];
        foreach ((long ticks, string name) in units.Where(u => time.Ticks > 0 && time.Ticks % u.Ticks == 0))
        {
            long count = time.Ticks / ticks;
            return string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds} ms");
    }

    /// <summary>What may be done when nobody knows whether a request arrived.</summary>
    public static string Unknown(EffectClass effect, ConnectorOperation operation) => effect switch
    {
        _ when operation.Parts.Count > 0 => $"each part is settled by its own class: {string.Join(", ", operation.Parts.Select(p => $"{p.Id} as {p.Operation.Name}"))}; what is confirmed is not sent again",
        EffectClass.Read => "it is repeated; it changes nothing",
        EffectClass.Idempotent => "the same request is sent again; it changes nothing more",
        EffectClass.Keyed => $"the same request is sent again with the same key in '{operation.IdempotencyHeader}', which {(operation.IdempotencyValidity > TimeSpan.Zero ? $"holds for {Of(operation.IdempotencyValidity)}" : "holds for good")}",
        EffectClass.Lookup => "the change is looked for by its marker, then confirmed, or sent again when it is not there",
        EffectClass.AtLeastOnce => "the same request is sent again, and what it does may be done twice",
        _ => "nothing is sent again by itself: the run is shown for review and a person decides",
    };

    public static string Retry(Pipelines.Retry retry) => retry.Max <= 1
        ? "one only"
        : string.Create(CultureInfo.InvariantCulture, $"up to {retry.Max}, the second after {Of(retry.Delay)}, then doubling up to {Of(RetryDefaults.LongestDelay)}; a definite refusal is not tried again");

    /// <summary>Where a mapping comes from, without writing all of it out.</summary>
    public static string Source(JsonCursor? value)
    {
        if (value is not { } written)
        {
            return "nothing";
        }
        if (written.Optional("$file") is { Kind: JsonValueKind.String } file)
        {
            return file.Element.GetString()!;
        }
        if (written.Optional("$js") is { Kind: JsonValueKind.String } script)
        {
            return script.Element.GetString()!;
        }
        return written.Kind == JsonValueKind.Object
            ? string.Join(", ", written.Properties().Select(p => $"{p.Name} = {Short(p.Value)}"))
            : Short(written);
    }

    /// <summary>A value in one short piece.</summary>
    public static string Short(JsonCursor value)
    {
        if (value.Optional("$file") is not null || value.Optional("$js") is not null)
        {
            return Source(value);
        }
        string text = ConnectorJson.Text(value.Element) ?? value.Element.GetRawText();
        return text.Length <= 80 ? text : $"{text[..79]}…";
    }

    /// <summary>Several things as one of them: a, b or c.</summary>
    public static string OneOf(IReadOnlyList<string> all) =>
        all.Count <= 1 ? string.Concat(all) : $"{string.Join(", ", all.Take(all.Count - 1))} or {all[^1]}";
}
