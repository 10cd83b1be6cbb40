using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Twin;

/// <summary>One of two.</summary>
public sealed class FirstConnector : IConnector;

/// <summary>The other.</summary>
public sealed class SecondConnector : IConnector;
