using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Secrets given by the test.</summary>
internal sealed class TestSecrets : ISecretSource
{
    public Dictionary<string, string> Values { get; } = [];

    public string? Find(string name) => Values.GetValueOrDefault(name);

    public string HowToProvide(string name) => $"Set the environment variable ARIA_SECRET_{name.ToUpperInvariant().Replace('-', '_')}.";
}
