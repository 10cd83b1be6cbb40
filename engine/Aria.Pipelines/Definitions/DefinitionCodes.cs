namespace Aria.Pipelines.Definitions;

/// <summary>Codes of findings about the shape of any definition file.</summary>
internal static class DefinitionCodes
{
    /// <summary>Not valid JSON.</summary>
    public const string Syntax = "ARIA1001";

    /// <summary>A property appears twice in one object.</summary>
    public const string DuplicateProperty = "ARIA1002";

    /// <summary>A property that this object does not have.</summary>
    public const string UnknownProperty = "ARIA1003";

    /// <summary>A required property is missing.</summary>
    public const string MissingProperty = "ARIA1004";

    /// <summary>A value of the wrong JSON type.</summary>
    public const string WrongType = "ARIA1005";

    /// <summary>A value of the right type that is not allowed here.</summary>
    public const string InvalidValue = "ARIA1006";

    /// <summary>A file that is referred to or expected does not exist or cannot be read.</summary>
    public const string MissingFile = "ARIA1007";

    /// <summary>A file or folder name that is not allowed.</summary>
    public const string InvalidFileName = "ARIA1008";
}
