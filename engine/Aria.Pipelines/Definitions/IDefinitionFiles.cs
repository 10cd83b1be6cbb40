namespace Aria.Pipelines.Definitions;

/// <summary>The files that belong to one definition folder (a pipeline or a connector), read by plain relative name.</summary>
internal interface IDefinitionFiles
{
    /// <summary>The path shown in diagnostics for a file of this folder, with forward slashes.</summary>
    string PathOf(string name);

    /// <summary>The bytes of a file, or null when the folder has no such file or the name is not allowed.</summary>
    byte[]? Read(string name);
}
