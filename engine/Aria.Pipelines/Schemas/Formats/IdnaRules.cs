namespace Aria.Pipelines.Schemas.Formats;

/// <summary>The rules of RFC 5892 for single characters of an international host name, which the platform's mapping leaves out.</summary>
internal static class IdnaRules
{
    /// <summary>Checks a decoded label: disallowed exceptions (2.6), and characters that need certain others (appendix A.3 to A.9).</summary>
    public static bool Allow(string label)
    {
        for (int i = 0; i < label.Length; i++)
        {
            char before = i > 0 ? label[i - 1] : '\0';
            char after = i + 1 < label.Length ? label[i + 1] : '\0';
            bool good = label[i] switch
            {
                '\u0640' or '\u07FA' or '\u302E' or '\u302F' or (>= '\u3031' and <= '\u3035') or '\u303B' => false,
                '\u00B7' => before == 'l' && after == 'l',
                '\u0375' => after is >= '\u0370' and <= '\u03FF' or >= '\u1F00' and <= '\u1FFF',
                '\u05F3' or '\u05F4' => before is >= '\u0590' and <= '\u05FF',
                '\u30FB' => label.Any(IsJapanese),
                _ => true,
            };
            if (!good)
            {
                return false;
            }
        }
        return !(label.Any(c => c is >= '\u0660' and <= '\u0669') && label.Any(c => c is >= '\u06F0' and <= '\u06F9'));
    }

    private static bool IsJapanese(char c) =>
        c is not '\u30FB' and ((>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF'));
}
