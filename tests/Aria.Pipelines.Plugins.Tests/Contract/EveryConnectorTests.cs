using Aria.Pipelines.Connectors;
using Aria.Pipelines.ConnectorContract;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Contract;

/// <summary>No connector without its suite.</summary>
public sealed class EveryConnectorTests
{
    [Fact]
    public void Plugins_EachFolder_IsHeldToTheSuite()
    {
        string[] folders = [.. Directory.EnumerateDirectories(BuiltPlugins.Connectors).Where(d => File.Exists(Path.Combine(d, ConnectorReader.FileName))).Select(d => $"plugins/{Path.GetFileName(d)}")];
        string[] held = [.. typeof(EveryConnectorTests).Assembly.GetExportedTypes()
            .Where(t => t.IsSubclassOf(typeof(ConnectorBehaviour)) && !t.IsAbstract)
            .Select(t => ((ConnectorBehaviour)Activator.CreateInstance(t)!).Folder)];

        folders.ShouldNotBeEmpty();
        folders.Except(held).ShouldBeEmpty("Add to ShippedContracts.cs one line for each: public sealed class XContract() : ConnectorBehaviour(\"plugins/X\");");
    }
}
