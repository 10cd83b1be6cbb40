using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Mapping;

/// <summary>One evaluation of a mapping: what it sees, and what it has used of its limits. Every part of the result is made here.</summary>
internal sealed class Evaluation(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken) : IDisposable
{
    private static readonly JsonElement NullElement = JsonElement.Parse("null");
    private readonly Dictionary<string, object?> _templateRoots = [];
    private CancellationTokenSource? _templateDeadline;
    private int _spent;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Ends templates when the evaluation is cancelled or their time is up; scripts have their own limit.</summary>
    public CancellationToken TemplateDeadline
    {
        get
        {
            if (_templateDeadline is null)
            {
                _templateDeadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                _templateDeadline.CancelAfter(MappingLimits.Time);
            }
            return _templateDeadline.Token;
        }
    }

    /// <summary>The JSON of a root; null when it is declared but was not given.</summary>
    public JsonElement Root(string name) => values.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Undefined ? value : NullElement;

    /// <summary>The root as templates see it, made once per evaluation.</summary>
    public object? TemplateRoot(string name, Func<JsonElement, object?> make)
    {
        if (!_templateRoots.TryGetValue(name, out object? made))
        {
            made = make(Root(name));
            _templateRoots.Add(name, made);
        }
        return made;
    }

    /// <exception cref="MappingLimitException">The result has become too large.</exception>
    public void Spend(int length)
    {
        _spent += length;
        if (_spent > MappingLimits.ResultLength)
        {
            throw new MappingLimitException(MappingCodes.ResultTooLarge, "The result is larger than 1 MiB.", "Send large content as a file, not inside the JSON of a step.");
        }
    }

    public JsonNode? Text(string? text)
    {
        Spend(text?.Length ?? 4);
        if (text is not null && text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !IsWellFormed(text))
        {
            throw new MappingLimitException(MappingCodes.MappingFailed, "The result contains half a character.", "A text was cut inside a character, for example an emoji: use 'truncate', which does not.");
        }
        return text is null ? null : JsonValue.Create(text);
    }

    public JsonNode Flag(bool value)
    {
        Spend(5);
        return JsonValue.Create(value);
    }

    /// <summary>A number with exactly these digits, which must be JSON.</summary>
    public JsonNode Number(string digits)
    {
        Spend(digits.Length);
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) && digits != "-0"
            ? JsonValue.Create(whole)
            : JsonValue.Create(JsonElement.Parse(digits))!;
    }

    /// <exception cref="MappingLimitException">The number is infinite or not a number.</exception>
    public JsonNode Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new MappingLimitException(MappingCodes.NumberOutOfRange, $"The result is {value.ToString(CultureInfo.InvariantCulture)}, which is not a JSON number.", "Check for a division by zero or a text that is not a number.");
        }
        return Number(value == 0 ? "0" : value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>A copy that shares nothing with its source; numbers keep their digits, of two equal names the last one counts.</summary>
    public JsonNode? Copy(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Spend(property.Name.Length);
                    members[property.Name] = Copy(property.Value);
                }
                return members;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    items.Add(Copy(item));
                }
                return items;
            case JsonValueKind.String:
                return Text(value.GetString());
            case JsonValueKind.Number:
                return Number(value.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return Flag(value.GetBoolean());
            default:
                return Text(null);
        }
    }

    private static bool IsWellFormed(string text)
    {
        int i = 0;
        while (i < text.Length)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                return false;
            }
            i += rune.Utf16SequenceLength;
        }
        return true;
    }

    public void Dispose() => _templateDeadline?.Dispose();
}
