using System.Text.RegularExpressions;

namespace Aria.Pipelines.Definitions;

/// <summary>The names that definition files and folders may have: lower case, portable, never leaving their folder.</summary>
internal static partial class FileName
{
    public const string Rule = "Use lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 100 characters.";

    /// <summary>True for a plain name, or for plain names joined by '/'.</summary>
    public static bool IsAllowed(string name) => name.Split('/').All(IsPlain);

    private static bool IsPlain(string name) =>
        Allowed().IsMatch(name) && !name.EndsWith('.') && !Reserved().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,99}\z", RegexOptions.None, 10_000)]
    private static partial Regex Allowed();

    // Windows device names, with or without an ending.
    [GeneratedRegex(@"\A(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\z)", RegexOptions.None, 10_000)]
    private static partial Regex Reserved();
}
