using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Plugins;

/// <summary>A connector without errors, and where it came from.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Code">Its code half; null for a connector of JSON alone.</param>
internal sealed record InstalledConnector(Connector Connector, PluginFolder Folder, LoadedPlugin? Code);
