using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>
/// Guards the builtins that make one huge text in a single call. Jint looks at the memory limit between statements, so these could
/// allocate gigabytes before it is noticed; here the length is estimated before the builtin runs.
/// </summary>
internal static class ScriptTexts
{
    private const double Limit = 8 * MappingLimits.TextLength;
    private const int OtherLength = 8;

    private static readonly string[] GrowingTexts = ["repeat", "concat", "replace", "replaceAll"];

    /// <param name="engine">The engine.</param>
    /// <param name="names">Every name in the script, null for any: a builtin that is not named is not made only to be guarded. Lists become texts without being asked by name.</param>
    public static void Guard(Engine engine, IReadOnlySet<string>? names)
    {
        ObjectInstance global = engine.Global;
        ObjectInstance lists = Member(Member(global, "Array"), "prototype");
        Wrap(engine, lists, "join", (self, arguments) => Weight(self, At(arguments, 0), 0));
        Wrap(engine, lists, "toLocaleString", (self, _) => Weight(self, JsValue.Undefined, 0));
        if (names is null || names.Contains("JSON"))
        {
            Wrap(engine, Member(global, "JSON"), "stringify", (_, arguments) => Weight(At(arguments, 0), At(arguments, 2), 0));
        }
        if (names is null || names.Overlaps(GrowingTexts))
        {
            GuardTexts(engine, Member(Member(global, "String"), "prototype"));
        }
    }

    private static void GuardTexts(Engine engine, ObjectInstance texts)
    {
        Wrap(engine, texts, "repeat", (self, arguments) => Length(self) * TypeConverter.ToNumber(At(arguments, 0)));
        Wrap(engine, texts, "concat", (_, arguments) => arguments.Sum(Length));
        Wrap(engine, texts, "replace", Replaced);
        Wrap(engine, texts, "replaceAll", Replaced);
    }

    private static void Wrap(Engine engine, ObjectInstance owner, string name, Func<JsValue, JsValue[], double> estimate)
    {
        JsValue original = owner.Get(name);
        var guarded = new ClrFunction(engine, name, (self, arguments) => estimate(self, arguments) > Limit
            ? throw new MappingLimitException(MappingCodes.ScriptMemory, $"'{name}' makes too long a text.", $"A text in a script may have {Limit} characters.")
            : original.Call(self, arguments));
        owner.FastSetProperty(name, new PropertyDescriptor(guarded, writable: true, enumerable: false, configurable: true));
    }

    private static double Replaced(JsValue self, JsValue[] arguments)
    {
        if (At(arguments, 1) is not JsString replacement)
        {
            return 0;
        }
        // $' and $` put the rest of the text in for every match.
        string with = replacement.ToString();
        double length = Length(self) + 1;
        bool copiesRest = with.Contains("$'", StringComparison.Ordinal) || with.Contains("$`", StringComparison.Ordinal);
        return length * with.Length * (copiesRest ? length : 1);
    }

    private static double Weight(JsValue value, JsValue separator, int depth)
    {
        if (value is not ObjectInstance members || depth > MappingLimits.Depth)
        {
            return Length(value);
        }
        double weight = 0;
        foreach (KeyValuePair<JsValue, PropertyDescriptor> member in members.GetOwnProperties())
        {
            weight += Length(separator) + Length(member.Key);
            weight += member.Value.Get is null ? Weight(member.Value.Value, separator, depth + 1) : OtherLength;
            if (weight > Limit)
            {
                break;
            }
        }
        return weight;
    }

    private static double Length(JsValue value) => value is JsString text ? text.Length : OtherLength;

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private static ObjectInstance Member(ObjectInstance owner, string name) => (ObjectInstance)owner.Get(name);
}
