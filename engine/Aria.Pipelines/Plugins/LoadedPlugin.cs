using System.Reflection;
using System.Runtime.Loader;
using Aria.Pipelines.Abstractions;
using Isolated = McMaster.NETCore.Plugins.PluginLoader;

namespace Aria.Pipelines.Plugins;

/// <summary>
/// The code half of a connector, in a load context of its own. Disposing it lets go of the code; memory and files are freed once nobody
/// holds the connector, or anything made from its types, any more. One that is only forgotten goes the same way, so work under way keeps its code.
/// </summary>
internal sealed class LoadedPlugin : IDisposable
{
    private readonly Isolated _loader;
    private IConnector? _connector;

    public LoadedPlugin(Isolated loader, PluginCopy copy, IConnector connector, string file)
    {
        AssemblyName name = connector.GetType().Assembly.GetName();
        _loader = loader;
        // Raised by Dispose, and by the collector when nobody holds the plugin any more.
        AssemblyLoadContext.GetLoadContext(connector.GetType().Assembly)!.Unloading += _ => copy.Delete();
        _connector = connector;
        File = file;
        AssemblyName = name.Name!;
        AssemblyVersion = name.Version!;
    }

    /// <exception cref="ObjectDisposedException">It has been unloaded.</exception>
    public IConnector Connector => _connector ?? throw new ObjectDisposedException(AssemblyName);

    public string AssemblyName { get; }

    public Version AssemblyVersion { get; }

    /// <summary>Full path of the DLL.</summary>
    public string File { get; }

    public void Dispose()
    {
        _connector = null;
        _loader.Dispose();
    }
}
