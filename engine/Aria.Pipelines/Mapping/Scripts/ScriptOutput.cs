using System.Globalization;
using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>
/// Makes JSON of a script's result without running any more of the script: members that are undefined are dropped, undefined items of
/// lists become null, dates become ISO 8601 texts; getters, functions, maps and the like are errors, as is a result that is undefined.
/// </summary>
internal sealed class ScriptOutput(Evaluation evaluation, ScriptInput input)
{
    public JsonNode? Convert(JsValue result) => result.IsUndefined()
        ? throw Error("The result is undefined.", "A member that was read does not exist, or nothing was returned. Write '?? null' when it may be missing.")
        : Convert(result, 0);

    private JsonNode? Convert(JsValue value, int depth)
    {
        if (depth > MappingLimits.Depth)
        {
            throw Error("The result is nested too deeply or contains itself.", $"JSON may be {MappingLimits.Depth} levels deep.");
        }
        return value switch
        {
            JsString or JsBoolean or JsNumber or JsNull => Primitive(value),
            JsArray array => ConvertArray(array, depth),
            JsDate date => evaluation.Text(ConvertDate(date)),
            JsObject members => ConvertObject(members, depth),
            _ => throw Error($"The result contains {Describe(value)}, which cannot become JSON.", "Return texts, numbers, true or false, null, lists and plain objects."),
        };
    }

    private JsonNode? Primitive(JsValue value) => value switch
    {
        JsString text => evaluation.Text(text.ToString()),
        JsBoolean flag => evaluation.Flag(flag.AsBoolean()),
        JsNumber number => evaluation.Number(number.AsNumber()),
        _ => evaluation.Text(null),
    };

    private JsonArray ConvertArray(JsArray array, int depth)
    {
        var made = new JsonArray();
        for (uint i = 0; i < array.Length; i++)
        {
            evaluation.Spend(1);
            PropertyDescriptor item = array.GetOwnProperty(JsNumber.Create(i));
            made.Add(Member(item, i.ToString(CultureInfo.InvariantCulture), depth) ?? null);
        }
        return made;
    }

    private JsonObject ConvertObject(JsObject members, int depth)
    {
        var made = new JsonObject();
        foreach (JsValue key in members.GetOwnPropertyKeys(Types.String))
        {
            PropertyDescriptor member = members.GetOwnProperty(key);
            string name = key.ToString();
            if (member.Enumerable && !(IsData(member) && member.Value.IsUndefined()))
            {
                evaluation.Spend(name.Length);
                made[name] = Member(member, name, depth);
            }
        }
        return made;
    }

    private JsonNode? Member(PropertyDescriptor member, string name, int depth)
    {
        if (ReferenceEquals(member, PropertyDescriptor.Undefined))
        {
            return evaluation.Text(null);
        }
        if (!IsData(member))
        {
            return member.Get is { } getter && input.DigitsOf(getter) is { } digits
                ? evaluation.Number(digits)
                : throw Error($"Member '{name}' of the result is a getter.", "Give it a plain value.");
        }
        return member.Value.IsUndefined() ? evaluation.Text(null) : Convert(member.Value, depth + 1);
    }

    private static bool IsData(PropertyDescriptor member) => member.Get is null && member.Set is null;

    private static string ConvertDate(JsDate date)
    {
        double milliseconds = date.DateValue;
        return double.IsFinite(milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : throw Error("The result contains a date that is not valid.", "Check the text the date was made from.");
    }

    private static string Describe(JsValue value) => value switch
    {
        Function => "a function",
        JsSymbol => "a symbol",
        ObjectInstance instance => $"a {instance.GetType().Name.Replace("Js", "", StringComparison.Ordinal).Replace("Instance", "", StringComparison.Ordinal)}",
        _ => $"a {value.Type}",
    };

    private static MappingLimitException Error(string summary, string detail) => new(MappingCodes.ScriptError, summary, detail);
}
