using System.Buffers;

namespace Aria.Pipelines.Secrets;

/// <summary>
/// Secrets in environment variables <c>ARIA_SECRET_{ENVIRONMENT}_{NAME}</c>, upper case. A <c>-</c> is <c>__</c> in the environment and <c>_</c>
/// in the name: so the first single <c>_</c> ends the environment, and no name reaches the secrets of another.
/// </summary>
/// <param name="environment">Name of the environment whose secrets these are.</param>
internal sealed class EnvironmentSecretSource(string environment) : ISecretSource
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public string? Find(string name) => IsName(name) && Environment.GetEnvironmentVariable(VariableOf(name)) is { Length: > 0 } value ? value : null;

    public string HowToProvide(string name) => IsName(name)
        ? $"environment variable {VariableOf(name)}"
        : $"an environment variable, for an environment and a name of a-z, 0-9 and '-' that begin with no '-' (not '{environment}' and '{name}')";

    private bool IsName(string name) => IsPlain(environment) && IsPlain(name);

    private static bool IsPlain(string text) => text.Length > 0 && text[0] != '-' && !text.AsSpan().ContainsAnyExcept(Allowed);

    private string VariableOf(string name) =>
        $"ARIA_SECRET_{environment.Replace("-", "__", StringComparison.Ordinal).ToUpperInvariant()}_{name.Replace('-', '_').ToUpperInvariant()}";
}
