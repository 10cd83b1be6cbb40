using System.Text.Json;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>
/// Gives JSON to a script as a copy of its own. JavaScript numbers are doubles, so a number they would change is a property that is
/// computed when it is read: a whole number beyond 2^53 reads as a text with all its digits (so that ids can be compared, joined and
/// used as keys), a number too large for a double fails with <c>number_out_of_range</c>. When the object that holds it is returned
/// untouched, the number is written with its own digits. Fractions become the nearest double. Objects and lists are copied when they are
/// first looked at: a script sees few of a payload's members.
/// </summary>
internal sealed class ScriptInput(Engine engine)
{
    private const double MaxSafeInteger = 9007199254740991;
    private readonly Dictionary<JsValue, string> _digits = new(ReferenceEqualityComparer.Instance);

    public void Define(ObjectInstance owner, string name, JsonElement value)
    {
        if (Getter(value) is { } getter)
        {
            owner.FastSetProperty(name, new GetSetPropertyDescriptor(getter, JsValue.Undefined, enumerable: true, configurable: true));
        }
        else if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            owner.FastSetProperty(name, new Unseen(this, value));
        }
        else
        {
            owner.FastSetDataProperty(name, Convert(value));
        }
    }

    /// <summary>The digits behind a property that <see cref="Define"/> made computed.</summary>
    public string? DigitsOf(JsValue getter) => _digits.GetValueOrDefault(getter);

    private JsValue Convert(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsObject(engine);
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Define(members, property.Name, property.Value);
                }
                return members;
            case JsonValueKind.Array:
                return ConvertArray(value);
            case JsonValueKind.String:
                return new JsString(value.GetString()!);
            case JsonValueKind.Number:
                return JsNumber.Create(value.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean() ? JsBoolean.True : JsBoolean.False;
            default:
                return JsValue.Null;
        }
    }

    private JsArray ConvertArray(JsonElement value)
    {
        int length = value.GetArrayLength();
        if (length > MappingLimits.ArrayLength)
        {
            throw new MappingLimitException(MappingCodes.ScriptMemory, $"A list of {length} items is too long for a script.", $"A script may see lists of up to {MappingLimits.ArrayLength} items.");
        }
        var items = new JsValue[length];
        List<(int Index, ClrFunction Getter)> computed = [];
        int i = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            ClrFunction? getter = Getter(item);
            items[i] = getter is null ? Convert(item) : JsValue.Null;
            if (getter is not null)
            {
                computed.Add((i, getter));
            }
            i++;
        }
        var array = new JsArray(engine, items);
        foreach ((int index, ClrFunction getter) in computed)
        {
            array.DefineOwnProperty(JsNumber.Create(index), new GetSetPropertyDescriptor(getter, JsValue.Undefined, enumerable: true, configurable: true));
        }
        return array;
    }

    private ClrFunction? Getter(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return null;
        }
        double number = value.GetDouble();
        string digits = double.IsFinite(number) && Math.Abs(number) <= MaxSafeInteger ? "" : value.GetRawText();
        if (digits.Length == 0 || double.IsFinite(number) && digits.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return null;
        }
        var getter = new ClrFunction(engine, "number", (_, _) => double.IsFinite(number) ? new JsString(digits) : throw MappingLimitException.NumberOutOfRange(digits));
        _digits.Add(getter, digits);
        return getter;
    }

    private sealed class Unseen(ScriptInput input, JsonElement value) : PropertyDescriptor(PropertyFlag.ConfigurableEnumerableWritable | PropertyFlag.CustomJsValue)
    {
        private JsValue? _seen;

        protected override JsValue? CustomValue
        {
            get => _seen ??= input.Convert(value);
            set => _seen = value;
        }
    }
}
