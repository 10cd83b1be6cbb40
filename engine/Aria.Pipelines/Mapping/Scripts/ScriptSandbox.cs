using System.Collections.Frozen;
using System.Globalization;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>Makes the engine for one script: limited, without clock, chance, locale, CLR, or anything a mapping does not need.</summary>
internal static class ScriptSandbox
{
    /// <summary>The functions of ours that scripts may call.</summary>
    public static readonly IReadOnlyList<string> Functions = ["canonicalEmail", "round", "base64", "sha256hex", "escapeHtml", "truncate"];

    /// <summary>Those of <see cref="Functions"/> that make a text of a text.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string?, string?>> TextFunctions = new Dictionary<string, Func<string?, string?>>(StringComparer.Ordinal)
    {
        ["canonicalEmail"] = MappingFunctions.CanonicalEmail,
        ["base64"] = MappingFunctions.Base64,
        ["sha256hex"] = MappingFunctions.Sha256Hex,
        ["escapeHtml"] = MappingFunctions.EscapeHtml,
    };

    private static readonly string[] Builtins =
    [
        "Infinity", "NaN", "undefined", "isFinite", "isNaN", "parseFloat", "parseInt",
        "decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent",
        "Array", "Boolean", "Date", "JSON", "Map", "Math", "Number", "Object", "RegExp", "Set", "String", "Symbol",
        "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
    ];

    /// <summary>Every global name beside the roots.</summary>
    public static readonly FrozenSet<string> Names = Builtins.Concat(Functions).ToFrozenSet(StringComparer.Ordinal);

    private static readonly UtcWithoutClock Clock = new();

    // Removing a name does not create the lazily made object behind it, so this costs next to nothing per engine.
    private static readonly JsString[] Removed = FindRemoved();

    public static Engine Create(CancellationToken cancellationToken)
    {
        var engine = new Engine(options =>
        {
            options
                .Strict(true)
                .TimeoutInterval(MappingLimits.Time)
                .LimitMemory(MappingLimits.ScriptMemory)
                .MaxStatements(MappingLimits.ScriptStatements)
                .LimitRecursion(MappingLimits.ScriptRecursion)
                .RegexTimeoutInterval(MappingLimits.Regex)
                .MaxArraySize(MappingLimits.ArrayLength)
                .MaxJsonParseDepth(MappingLimits.Depth)
                .DisableStringCompilation(true)
                .Culture(CultureInfo.InvariantCulture)
                .LocalTimeZone(TimeZoneInfo.Utc)
                .CancellationToken(cancellationToken);
            options.TimeSystem = Clock;
            options.AgentCanSuspend = false;
            options.Constraints.StackOverflowGuard = true;
        });
        ObjectInstance global = engine.Global;
        foreach (JsString name in Removed)
        {
            global.RemoveOwnProperty(name);
        }
        return engine;
    }

    /// <summary>Takes randomness from <c>Math</c>; apart, because it creates the lazily made object.</summary>
    public static void RemoveChance(Engine engine) => ((ObjectInstance)engine.Global.Get("Math")).RemoveOwnProperty("random");

    /// <summary>Adds one of <see cref="Functions"/> to an engine.</summary>
    public static void Add(Engine engine, string function)
    {
        Func<JsValue[], JsValue> body = function switch
        {
            "round" => a => JsNumber.Create(MappingFunctions.Round(TypeConverter.ToNumber(At(a, 0)), Whole(At(a, 1)))),
            "truncate" => a => Text(MappingFunctions.Truncate(TextOf(function, a), Whole(At(a, 1)))),
            _ => a => Text(TextFunctions[function](TextOf(function, a))),
        };
        engine.SetValue(function, new ClrFunction(engine, function, (_, arguments) => body(arguments)));
    }

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private static int Whole(JsValue value) => (int)Math.Clamp(TypeConverter.ToIntegerOrInfinity(value), int.MinValue, int.MaxValue);

    private static JsValue Text(string? text) => text is null ? JsValue.Null : new JsString(text);

    private static string? TextOf(string function, JsValue[] arguments)
    {
        JsValue value = At(arguments, 0);
        if (value.IsNull())
        {
            return null;
        }
        return value.IsUndefined()
            ? throw new MappingLimitException(MappingCodes.ScriptError, $"'{function}' was called with undefined.", "The member given to it does not exist; write '?? null' when it may be missing.")
            : TypeConverter.ToString(value);
    }

    private static JsString[] FindRemoved()
    {
        using var engine = new Engine();
        return [.. engine.Global.GetOwnPropertyKeys(Types.String).Select(k => k.ToString()).Where(k => !Names.Contains(k)).Select(k => new JsString(k))];
    }
}
