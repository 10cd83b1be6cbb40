using System.Reflection;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Isolated = McMaster.NETCore.Plugins.PluginLoader;

namespace Aria.Pipelines.Plugins;

/// <summary>Loads the code half of a connector into a collectible load context, which shares the contract with the host and nothing else.</summary>
internal static class PluginLoader
{
    private static readonly AssemblyName Contract = typeof(IConnector).Assembly.GetName();

    /// <summary>Finds the DLL, beside <c>connector.json</c> or where this repository builds it, loads it and creates its connector.</summary>
    /// <param name="folder">The connector folder.</param>
    /// <param name="assemblyFile">File name of the DLL, without a path.</param>
    /// <param name="at">Where the name is written; findings point there.</param>
    /// <param name="bag">Receives every reason why it cannot be loaded.</param>
    /// <returns>The plugin, which the caller disposes; null after an error.</returns>
    public static LoadedPlugin? Load(PluginFolder folder, string assemblyFile, SourcePosition at, DiagnosticBag bag)
    {
        FileInfo? file = Locate(folder, assemblyFile, at, bag);
        if (file is null || ReadLocked(folder, file, at, bag) is not { } image)
        {
            return null;
        }
        if (image.Find(Contract.Name + ".dll") is not null)
        {
            bag.Warning(
                PluginCodes.ContractCopied,
                at,
                $"'{file.Name}' comes with its own copy of '{Contract.Name}.dll', which is ignored: the host's is used.",
                "Refer to the contract with Private=\"false\" ExcludeAssets=\"runtime\" and delete the copy.",
                DiagnosticFault.Connector);
        }
        PluginCopy copy = PluginCopy.Of(image);
        var loader = Isolated.CreateFromAssemblyFile(copy.PathOf(file.Name), config =>
        {
            config.IsUnloadable = true;
            config.LoadInMemory = true;
            config.SharedAssemblies.Add(Contract);
        });
        IConnector? connector = FindConnector(loader, file.Name, at, bag) is Type type ? Create(type, file.Name, at, bag) : null;
        if (connector is null)
        {
            loader.Dispose();
            copy.Delete();
            return null;
        }
        return new LoadedPlugin(loader, copy, connector, file.FullName);
    }

    private static FileInfo? Locate(PluginFolder folder, string name, SourcePosition at, DiagnosticBag bag)
    {
        if (!PluginName.IsAllowed(name) || !name.EndsWith(".dll", StringComparison.Ordinal))
        {
            bag.Error(
                PluginCodes.AssemblyName,
                at,
                $"'{name}' is not the file name of a DLL.",
                $"Give the name alone, without a folder, ending with '.dll'. {PluginName.Rule}",
                DiagnosticFault.Connector);
            return null;
        }
        string? directory = new[] { folder.Directory, folder.BuildDirectory }.FirstOrDefault(d => File.Exists(Path.Combine(d, name)));
        if (directory is not null)
        {
            return new FileInfo(Path.Combine(directory, name));
        }
        bag.Error(
            PluginCodes.AssemblyMissing,
            at,
            $"'{name}' is neither in '{folder.DisplayPath}' nor in '{folder.BuildDisplayPath}'.",
            folder.HasProject
                ? $"Build it: dotnet build {folder.DisplayPath}"
                : $"Put it, its .deps.json and the DLLs that it needs beside '{ConnectorReader.FileName}'.",
            DiagnosticFault.Operator);
        return null;
    }

    /// <summary>Reads the DLL with all that lies beside it, once: these bytes are looked at, held to the lock, and loaded.</summary>
    private static FolderImage? ReadLocked(PluginFolder folder, FileInfo file, SourcePosition at, DiagnosticBag bag)
    {
        if (file.LinkTarget is not null || file.Directory!.LinkTarget is not null)
        {
            bag.Error(
                PluginCodes.AssemblyUnreadable, at, $"'{file.Name}', or the folder it is in, is a link.", "Put the file itself there.", DiagnosticFault.Operator);
            return null;
        }
        FolderImage image;
        try
        {
            image = FolderImage.Read(file.DirectoryName!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bag.Error(PluginCodes.AssemblyUnreadable, at, $"'{file.Name}' cannot be read.", e.Message, DiagnosticFault.Operator);
            return null;
        }
        PluginImage assembly = PluginImage.Read(image.Find(file.Name) ?? [], Contract.Name!);
        if (assembly.Problem is not null)
        {
            bag.Error(PluginCodes.NotAnAssembly, at, $"'{file.Name}' is not a .NET assembly.", assembly.Problem, DiagnosticFault.Connector);
            return null;
        }
        if (assembly.Contract is not null && !FitsContract(assembly.Contract, Contract.Version!, file.Name, at, bag))
        {
            return null;
        }
        if (!ConnectorLock.Exists(file.DirectoryName!))
        {
            ConnectorLock.ReportMissing(folder, file.DirectoryName!, file.Name, at, bag);
            return null;
        }
        return ConnectorLock.Holds(folder, file.DirectoryName!, image, bag) ? image : null;
    }

    /// <summary>True when a DLL built for one version of the contract works with the host's: same major version, and not newer.</summary>
    internal static bool FitsContract(Version builtFor, Version host, string name, SourcePosition at, DiagnosticBag bag)
    {
        if (builtFor.Major == host.Major && builtFor <= host)
        {
            return true;
        }
        bool hostIsOlder = builtFor > host;
        string rebuild = $"rebuild the connector against version {host.ToString(3)}, with \"contract\": {ConnectorContract.Version} in connector.json";
        bag.Error(
            PluginCodes.ContractMismatch,
            at,
            $"'{name}' was built for version {builtFor.ToString(3)} of '{Contract.Name}'; this host has version {host.ToString(3)}.",
            hostIsOlder
                ? $"Update the host to one that has version {builtFor.ToString(3)}, or {rebuild}."
                : $"Ask its author for a release made for version {host.Major}, or {rebuild}.",
            hostIsOlder ? DiagnosticFault.Operator : DiagnosticFault.Connector);
        return false;
    }

    private static Type? FindConnector(Isolated loader, string name, SourcePosition at, DiagnosticBag bag)
    {
        Type[] types;
        try
        {
            Assembly assembly = loader.LoadDefaultAssembly();
            // A missing dependency would otherwise be noticed only by the first delivery.
            foreach (AssemblyName reference in assembly.GetReferencedAssemblies())
            {
                loader.LoadAssembly(reference);
            }
            types = [.. assembly.GetExportedTypes().Where(IsConnector)];
        }
        catch (Exception e)
        {
            bag.Error(
                PluginCodes.LoadFailed,
                at,
                $"'{name}' cannot be loaded: {e.Message}",
                "Its own DLLs and its .deps.json must lie beside it, and be made for this system and version of .NET.",
                DiagnosticFault.Connector);
            return null;
        }
        if (types.Length == 1)
        {
            return types[0];
        }
        const string Wanted = "Exactly one public class with a public parameterless constructor must implement an ability of the contract, such as IDecodesDeliveries.";
        if (types.Length == 0)
        {
            bag.Error(PluginCodes.NoConnector, at, $"'{name}' has no connector class.", Wanted, DiagnosticFault.Connector);
        }
        else
        {
            string list = string.Join("', '", types.Select(t => t.FullName).Order(StringComparer.Ordinal));
            bag.Error(PluginCodes.SeveralConnectors, at, $"'{name}' has {types.Length} connector classes: '{list}'.", Wanted, DiagnosticFault.Connector);
        }
        return null;
    }

    private static bool IsConnector(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
        && type.IsAssignableTo(typeof(IConnector))
        && type.GetConstructor(Type.EmptyTypes) is not null;

    private static IConnector? Create(Type type, string name, SourcePosition at, DiagnosticBag bag)
    {
        try
        {
            return (IConnector)Activator.CreateInstance(type)!;
        }
        catch (Exception e)
        {
            Exception cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            bag.Error(
                PluginCodes.ConstructorFailed,
                at,
                $"The constructor of '{type.FullName}' in '{name}' threw {cause.GetType().Name}: {cause.Message}",
                "A constructor must not need settings, files or the network.",
                DiagnosticFault.Connector);
            return null;
        }
    }
}
