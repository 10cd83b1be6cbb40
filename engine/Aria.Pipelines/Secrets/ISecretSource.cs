namespace Aria.Pipelines.Secrets;

/// <summary>Where secret values come from. Names belong to one environment: a secret of another environment is not found.</summary>
internal interface ISecretSource
{
    /// <summary>Finds a secret by the name used in <c>${secret:name}</c>.</summary>
    /// <returns>The value, or null when this environment has no such secret.</returns>
    string? Find(string name);

    /// <summary>How to provide a secret of this name, for error messages.</summary>
    string HowToProvide(string name);
}
