namespace Aria.Pipelines.Plugins;

/// <summary>Codes of findings about connector folders and their DLLs.</summary>
internal static class PluginCodes
{
    /// <summary>The name under <c>code</c> is not the plain name of a DLL.</summary>
    public const string AssemblyName = "ARIA3201";

    /// <summary>The DLL is in none of the places where it is looked for.</summary>
    public const string AssemblyMissing = "ARIA3202";

    /// <summary>The file cannot be read: permissions, a disk error, a link.</summary>
    public const string AssemblyUnreadable = "ARIA3203";

    /// <summary>The file is not a .NET assembly.</summary>
    public const string NotAnAssembly = "ARIA3204";

    /// <summary>The DLL was built for a version of the contract that this host does not have.</summary>
    public const string ContractMismatch = "ARIA3205";

    /// <summary>The DLL comes with a copy of the contract, which is ignored (warning).</summary>
    public const string ContractCopied = "ARIA3206";

    /// <summary>The runtime cannot load the DLL, or something that it needs.</summary>
    public const string LoadFailed = "ARIA3207";

    /// <summary>The DLL has no class that is a connector.</summary>
    public const string NoConnector = "ARIA3208";

    /// <summary>The DLL has more than one class that is a connector.</summary>
    public const string SeveralConnectors = "ARIA3209";

    /// <summary>The connector's constructor threw.</summary>
    public const string ConstructorFailed = "ARIA3210";

    /// <summary>A connector folder, or its <c>connector.json</c>, is a link, or has a name that is not allowed or clashes with another.</summary>
    public const string FolderRefused = "ARIA3211";

    /// <summary>The folder of connectors does not exist or cannot be listed.</summary>
    public const string RootUnreadable = "ARIA3212";

    /// <summary>A DLL in a folder that nobody has locked.</summary>
    public const string LockMissing = "ARIA3213";

    /// <summary>A folder that is not what was locked: files were changed, added or taken away.</summary>
    public const string LockBroken = "ARIA3214";
}
