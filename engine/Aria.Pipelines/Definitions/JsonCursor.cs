using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Definitions;

/// <summary>
/// A value in a <see cref="SourceDocument"/>, for reading definitions strictly: each accessor reports what is wrong at the right place and
/// returns a harmless default, so that one pass finds everything.
/// </summary>
internal readonly partial struct JsonCursor(SourceDocument document, JsonElement element, string pointer)
{
    // A hundred years: later deadlines could not be written as dates.
    private const long LongestMilliseconds = 36_500L * 86_400_000L;

    public JsonElement Element => element;

    public SourceDocument Document => document;

    public string Pointer => pointer;

    public JsonValueKind Kind => element.ValueKind;

    public SourcePosition Position => document.PositionOf(pointer);

    /// <summary>Position of the property name that holds this value.</summary>
    public SourcePosition NamePosition => document.NameOf(pointer);

    /// <summary>Whether it is an object.</summary>
    /// <param name="bag">Receives that it is not.</param>
    /// <param name="form">What to write, where that is not plain.</param>
    public bool IsObject(DiagnosticBag bag, string form = "") => Is(JsonValueKind.Object, "an object", bag, form);

    public bool IsArray(DiagnosticBag bag) => Is(JsonValueKind.Array, "an array", bag);

    public IEnumerable<(string Name, JsonCursor Value)> Properties()
    {
        SourceDocument source = document;
        string at = pointer;
        return element.ValueKind != JsonValueKind.Object
            ? []
            : element.EnumerateObject().Select(p => (p.Name, new JsonCursor(source, p.Value, $"{at}/{SourceDocument.Escape(p.Name)}")));
    }

    public IEnumerable<JsonCursor> Items()
    {
        SourceDocument source = document;
        string at = pointer;
        return element.ValueKind != JsonValueKind.Array
            ? []
            : element.EnumerateArray().Select((e, i) => new JsonCursor(source, e, $"{at}/{i.ToString(CultureInfo.InvariantCulture)}"));
    }

    public JsonCursor? Optional(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            ? new JsonCursor(document, value, $"{pointer}/{SourceDocument.Escape(name)}")
            : null;

    public JsonCursor? Required(string name, DiagnosticBag bag)
    {
        JsonCursor? found = Optional(name);
        if (found is null)
        {
            bag.Error(DefinitionCodes.MissingProperty, Position, $"Property '{name}' is missing.", $"Add \"{name}\" to this object.");
        }
        return found;
    }

    /// <summary>Reports every property that is not in <paramref name="allowed"/>, with the nearest name that is. <c>$schema</c> is allowed at the root.</summary>
    public void AllowOnly(DiagnosticBag bag, params ReadOnlySpan<string> allowed)
    {
        foreach ((string name, JsonCursor value) in Properties())
        {
            if (!allowed.Contains(name) && !(name == "$schema" && pointer.Length == 0))
            {
                bag.Error(DefinitionCodes.UnknownProperty, value.NamePosition, $"Property '{name}' is not known here.", Suggestion.For(name, allowed));
            }
        }
    }

    public string? Text(DiagnosticBag bag) => Is(JsonValueKind.String, "a string", bag) ? element.GetString() : null;

    public string? OptionalText(string name, DiagnosticBag bag) => Optional(name)?.Text(bag);

    public string RequiredText(string name, DiagnosticBag bag) => Required(name, bag)?.Text(bag) ?? "";

    /// <summary>A list of strings; empty when absent.</summary>
    public IReadOnlyList<string> OptionalTexts(string name, DiagnosticBag bag) =>
        Optional(name) is { } value && value.IsArray(bag) ? [.. value.Items().Select(i => i.Text(bag)).OfType<string>()] : [];

    public bool OptionalFlag(string name, bool otherwise, DiagnosticBag bag)
    {
        if (Optional(name) is not { } value)
        {
            return otherwise;
        }
        if (value.Kind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.Element.GetBoolean();
        }
        value.WrongType("true or false", bag);
        return otherwise;
    }

    public int? OptionalCount(string name, DiagnosticBag bag)
    {
        if (Optional(name) is not { } value)
        {
            return null;
        }
        if (value.Kind == JsonValueKind.Number && value.Element.TryGetInt32(out int number) && number >= 0)
        {
            return number;
        }
        value.WrongNumber("a whole number, 0 or more", bag);
        return null;
    }

    public int? OptionalPositive(string name, DiagnosticBag bag)
    {
        if (Optional(name) is { } value && value.Kind == JsonValueKind.Number && value.Element.TryGetInt32(out int number) && number > 0)
        {
            return number;
        }
        Optional(name)?.WrongNumber("a whole number, 1 or more", bag);
        return null;
    }

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c> or <c>14d</c>.</summary>
    public TimeSpan? OptionalDuration(string name, DiagnosticBag bag) => Optional(name)?.Duration(bag);

    public TimeSpan? Duration(DiagnosticBag bag)
    {
        string? text = Text(bag);
        if (text is null)
        {
            return null;
        }
        if (ParseDuration(text) is { } duration)
        {
            return duration;
        }
        bag.Error(DefinitionCodes.InvalidValue, Position, $"'{text}' is not a duration.", "Write a whole number and a unit: 500ms, 30s, 5m, 2h or 14d.");
        return null;
    }

    public string? OneOf(DiagnosticBag bag, params ReadOnlySpan<string> allowed)
    {
        string? text = Text(bag);
        if (text is null || allowed.Contains(text))
        {
            return text;
        }
        bag.Error(DefinitionCodes.InvalidValue, Position, $"'{text}' is not allowed here.", Suggestion.For(text, allowed));
        return null;
    }

    /// <summary>A name that refers to something else, with its place.</summary>
    public Reference? Reference(DiagnosticBag bag) => Text(bag) is { } name ? new Reference(name, Position) : null;

    /// <summary>A name given to something in this file: letters, digits and '_', beginning with a letter, so that expressions can use it.</summary>
    public string? Identifier(DiagnosticBag bag)
    {
        string? text = Text(bag);
        if (text is null || IdentifierPattern().IsMatch(text))
        {
            return text;
        }
        bag.Error(DefinitionCodes.InvalidValue, Position, $"'{text}' is not a usable id.", "Use letters, digits and '_', beginning with a letter, at most 60 characters.");
        return null;
    }

    public static TimeSpan? ParseDuration(string text)
    {
        Match match = DurationPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }
        long milliseconds = long.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch
        {
            "ms" => 1L,
            "s" => 1_000L,
            "m" => 60_000L,
            "h" => 3_600_000L,
            _ => 86_400_000L,
        };
        return milliseconds <= LongestMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    public void WrongType(string expected, DiagnosticBag bag, string form = "") =>
        bag.Error(DefinitionCodes.WrongType, Position, $"Expected {expected}, found {Describe(Kind)}.", form);

    private void WrongNumber(string expected, DiagnosticBag bag) =>
        bag.Error(DefinitionCodes.WrongType, Position, $"Expected {expected}, found {(Kind == JsonValueKind.Number ? element.GetRawText() : Describe(Kind))}.");

    private bool Is(JsonValueKind kind, string expected, DiagnosticBag bag, string form = "")
    {
        if (Kind == kind)
        {
            return true;
        }
        WrongType(expected, bag, form);
        return false;
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{0,59}\z", RegexOptions.None, 10_000)]
    private static partial Regex IdentifierPattern();

    [GeneratedRegex(@"\A(?<count>[0-9]{1,9})(?<unit>ms|s|m|h|d)\z", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex DurationPattern();
}
