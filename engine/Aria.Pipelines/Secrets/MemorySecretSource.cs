namespace Aria.Pipelines.Secrets;

/// <summary>Secrets given by the program itself, for the demo and for tests.</summary>
internal sealed class MemorySecretSource(IReadOnlyDictionary<string, string> secrets) : ISecretSource
{
    public string? Find(string name) => secrets.GetValueOrDefault(name);

    public string HowToProvide(string name) => $"entry '{name}' of the secrets in memory";
}
