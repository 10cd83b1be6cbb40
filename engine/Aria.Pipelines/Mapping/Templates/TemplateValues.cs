using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scriban.Runtime;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>
/// JSON as templates see it, and back. Whole numbers of any length and fractions of up to 28 digits are exact; longer fractions and
/// numbers with an exponent are doubles; a number too large for a double can be copied but not used.
/// </summary>
internal static class TemplateValues
{
    private const int ExactDigits = 28;
    private const int WholeDigits = 400;

    public static object? FromJson(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new ScriptObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    members[property.Name] = FromJson(property.Value);
                }
                members.IsReadOnly = true;
                return members;
            case JsonValueKind.Array:
                return new FrozenArray(value.EnumerateArray().Select(FromJson));
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Number:
                return Number(value);
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            default:
                return null;
        }
    }

    public static JsonNode? ToJson(object? value, Evaluation evaluation, int depth = 0)
    {
        if (depth > MappingLimits.Depth)
        {
            throw new MappingLimitException(MappingCodes.TemplateLimit, "The result is nested too deeply or contains itself.", $"JSON may be {MappingLimits.Depth} levels deep.");
        }
        return value switch
        {
            null => evaluation.Text(null),
            string text => evaluation.Text(text),
            bool flag => evaluation.Flag(flag),
            double number => evaluation.Number(number),
            float number => evaluation.Number(number),
            OutOfRangeNumber number => evaluation.Number(number.Digits),
            int or long or decimal or BigInteger => evaluation.Number(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
            DateTime date => evaluation.Text(date.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
            TimeSpan span => evaluation.Text(span.ToString("c", CultureInfo.InvariantCulture)),
            IScriptCustomFunction => throw new MappingLimitException(MappingCodes.TemplateError, "The result is a function.", "Give the function its arguments."),
            IList list => List(list, evaluation, depth),
            IDictionary<string, object?> members => Members(members, evaluation, depth),
            IEnumerable list => List(list, evaluation, depth),
            _ => throw new MappingLimitException(MappingCodes.TemplateError, $"A result of the type '{value.GetType().Name}' cannot become JSON."),
        };
    }

    private static JsonArray List(IEnumerable list, Evaluation evaluation, int depth)
    {
        var made = new JsonArray();
        foreach (object? item in list)
        {
            evaluation.Spend(1);
            made.Add(ToJson(item, evaluation, depth + 1));
        }
        return made;
    }

    private static JsonObject Members(IDictionary<string, object?> members, Evaluation evaluation, int depth)
    {
        var made = new JsonObject();
        foreach ((string name, object? member) in members)
        {
            evaluation.Spend(name.Length);
            made[name] = ToJson(member, evaluation, depth + 1);
        }
        return made;
    }

    private static object Number(JsonElement value)
    {
        if (value.TryGetInt64(out long whole))
        {
            return whole;
        }
        string digits = value.GetRawText();
        bool isWhole = !digits.AsSpan().ContainsAny('.', 'e', 'E');
        if (isWhole && digits.Length <= WholeDigits)
        {
            return BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }
        if (!isWhole && digits.Length <= ExactDigits && !digits.AsSpan().ContainsAny('e', 'E'))
        {
            return decimal.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        double number = value.GetDouble();
        return double.IsFinite(number) ? number : new OutOfRangeNumber(digits);
    }
}
