using System.Collections.Frozen;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>The members that JavaScript gives every value, and what well-known calls make.</summary>
internal static class ScriptNames
{
    public static readonly FrozenSet<string> OfObject = Set("hasOwnProperty toString toLocaleString valueOf isPrototypeOf propertyIsEnumerable constructor");

    public static readonly FrozenSet<string> OfText = Set(
        "length at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll " +
        "search slice split startsWith substring substr toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase trim trimEnd trimStart valueOf isWellFormed toWellFormed " +
        "constructor 0");

    public static readonly FrozenSet<string> OfList = Set(
        "length at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys lastIndexOf map pop push reduce " +
        "reduceRight reverse shift slice some sort splice toLocaleString toReversed toSorted toSpliced toString unshift values with hasOwnProperty constructor");

    public static readonly FrozenSet<string> OfNumber = Set("toFixed toString toPrecision toExponential toLocaleString valueOf constructor");

    private static readonly FrozenSet<string> MakeText = Set(
        "String .charAt .concat .join .padEnd .padStart .repeat .replace .replaceAll .substring .toFixed .toISOString .toLowerCase .toLocaleLowerCase .toLocaleUpperCase " +
        ".toString .toUpperCase .trim .trimEnd .trimStart .toPrecision encodeURIComponent");

    private static readonly FrozenSet<string> MakeNumber = Set("Number parseInt parseFloat round .indexOf .lastIndexOf .charCodeAt .getTime");

    private static readonly FrozenSet<string> MakeFlag = Set("Boolean isNaN isFinite .includes .startsWith .endsWith .some .every .test .hasOwnProperty");

    private static readonly FrozenSet<string> MakeTextOrNull = Set("canonicalEmail base64 sha256hex escapeHtml truncate");

    /// <summary>What a call makes.</summary>
    /// <param name="call">A function's name, or a method's with a dot before it.</param>
    public static Shape ResultOf(string call) =>
        MakeText.Contains(call) ? Shape.Text
        : MakeNumber.Contains(call) ? Shape.Number
        : MakeFlag.Contains(call) ? Shape.Flag
        : MakeTextOrNull.Contains(call) ? Shape.Text with { Kinds = ShapeKinds.Text | ShapeKinds.Null }
        : Shape.Unknown;

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
