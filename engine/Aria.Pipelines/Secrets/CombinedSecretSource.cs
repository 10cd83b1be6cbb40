namespace Aria.Pipelines.Secrets;

/// <summary>Asks several sources in order: the first that has the secret wins.</summary>
internal sealed class CombinedSecretSource(params IReadOnlyList<ISecretSource> sources) : ISecretSource
{
    public string? Find(string name) => sources.Select(source => source.Find(name)).FirstOrDefault(value => value is not null);

    public string HowToProvide(string name) => string.Join(", or ", sources.Select(source => source.HowToProvide(name)));
}
