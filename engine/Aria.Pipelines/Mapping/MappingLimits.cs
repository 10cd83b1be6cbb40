namespace Aria.Pipelines.Mapping;

/// <summary>What one mapping may use. Chosen so that a hostile mapping ends within about a second and cannot harm the process.</summary>
internal static class MappingLimits
{
    /// <summary>Largest mapping file, script or template, in bytes (files) or UTF-16 code units (inline).</summary>
    public const int SourceLength = 100_000;

    /// <summary>Largest result, counted in UTF-16 code units of names, texts and numbers.</summary>
    public const int ResultLength = 1024 * 1024;

    /// <summary>Deepest nesting of a result, the same as the JSON readers accept.</summary>
    public const int Depth = 64;

    /// <summary>Longest text a template may make, in UTF-16 code units.</summary>
    public const int TextLength = 1024 * 1024;

    /// <summary>Bytes one script may allocate.</summary>
    public const long ScriptMemory = 16_000_000;

    public const int ScriptStatements = 100_000;

    public const int ScriptRecursion = 64;

    public const int ArrayLength = 10_000;

    public const int TemplateLoops = 10_000;

    public const int TemplateRecursion = 50;

    /// <summary>Time for one script, and for all templates of one evaluation together.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Regex = TimeSpan.FromMilliseconds(250);
}
