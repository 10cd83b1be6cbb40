using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Aria.Pipelines.Plugins;

/// <summary>What can be read of a DLL without loading it.</summary>
/// <param name="Problem">Why it is not a .NET assembly; null when it is one.</param>
/// <param name="Contract">The version of the contract assembly that it was built against; null when it does not refer to it.</param>
internal sealed record PluginImage(string? Problem, Version? Contract)
{
    /// <summary>Reads the header and the references of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="contractName">Name of the contract assembly.</param>
    public static PluginImage Read(byte[] bytes, string contractName)
    {
        if (bytes.Length == 0)
        {
            return new PluginImage("It is empty.", null);
        }
        try
        {
            using var image = new PEReader(new MemoryStream(bytes, writable: false));
            if (!image.HasMetadata)
            {
                return new PluginImage("It is native code.", null);
            }
            MetadataReader metadata = image.GetMetadataReader();
            return metadata.IsAssembly
                ? new PluginImage(null, ContractVersion(metadata, contractName))
                : new PluginImage("It is a module without an assembly.", null);
        }
        catch (BadImageFormatException e)
        {
            return new PluginImage(e.Message, null);
        }
    }

    private static Version? ContractVersion(MetadataReader metadata, string contractName)
    {
        foreach (AssemblyReferenceHandle handle in metadata.AssemblyReferences)
        {
            AssemblyReference reference = metadata.GetAssemblyReference(handle);
            if (metadata.StringComparer.Equals(reference.Name, contractName, ignoreCase: true))
            {
                return reference.Version;
            }
        }
        return null;
    }
}
