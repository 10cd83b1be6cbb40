using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Broken;

/// <summary>Not counted: abstract.</summary>
public abstract class AbstractConnector : IConnector;

/// <summary>Not counted: open generic.</summary>
/// <typeparam name="T">Anything.</typeparam>
public sealed class GenericConnector<T> : IConnector;

/// <summary>Not counted: no parameterless constructor.</summary>
/// <param name="name">Anything.</param>
public sealed class NeedyConnector(string name) : IConnector
{
    /// <summary>What was given.</summary>
    public string Name => name;
}

/// <summary>Not counted: not a class.</summary>
public interface IOwnConnector : IConnector;

internal sealed class InternalConnector : IConnector;
