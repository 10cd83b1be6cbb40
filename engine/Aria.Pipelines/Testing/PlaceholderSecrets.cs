using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Testing;

/// <summary>A value for every name: cases reach nobody who could check it.</summary>
internal sealed class PlaceholderSecrets : ISecretSource
{
    public string? Find(string name) => $"case-{name}";

    public string HowToProvide(string name) => "nowhere: cases need no secrets";
}
