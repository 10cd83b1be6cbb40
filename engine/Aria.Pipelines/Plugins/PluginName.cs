using System.Text;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Plugins;

/// <summary>The names a connector folder or DLL may have: those of definition files, in any case.</summary>
internal static class PluginName
{
    public const string Rule = "Use letters, digits, '.', '_' and '-' of ASCII, beginning with a letter or digit, at most 100 characters, and no device name of Windows.";

    public static bool IsAllowed(string name) =>
        !name.Contains('/') && Ascii.IsValid(name) && FileName.IsAllowed(name.ToLowerInvariant());
}
