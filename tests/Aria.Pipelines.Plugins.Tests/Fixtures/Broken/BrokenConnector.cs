using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Broken;

/// <summary>The one connector of its assembly; it cannot be created.</summary>
public sealed class BrokenConnector : IConnector
{
    /// <summary>Always throws.</summary>
    public BrokenConnector() => throw new InvalidOperationException("the licence file is missing");
}
