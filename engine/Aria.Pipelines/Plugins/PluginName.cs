using System.Text.RegularExpressions;

namespace Aria.Pipelines.Plugins;

/// <summary>The names a connector folder or DLL may have: those that mean the same file on every system, and nothing else.</summary>
internal static partial class PluginName
{
    public const string Rule =
        "Use 1 to 100 letters, digits, '.', '_' and '-' of ASCII, beginning with a letter or digit, not ending with '.', and no device name of Windows.";

    public static bool IsAllowed(string name) => Allowed.IsMatch(name) && !Device.IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed { get; }

    [GeneratedRegex(@"\A(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Device { get; }
}
