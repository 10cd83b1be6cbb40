namespace Aria.Pipelines.Secrets;

/// <summary>Secrets in environment variables <c>ARIA_SECRET_{ENVIRONMENT}_{NAME}</c>: upper case, all but letters and digits as <c>_</c>.</summary>
/// <param name="environment">Name of the environment whose secrets these are.</param>
internal sealed class EnvironmentSecretSource(string environment) : ISecretSource
{
    public string? Find(string name) =>
        Environment.GetEnvironmentVariable(VariableOf(name)) is { Length: > 0 } value ? value : null;

    public string HowToProvide(string name) => $"environment variable {VariableOf(name)}";

    private string VariableOf(string name) => $"ARIA_SECRET_{Upper(environment)}_{Upper(name)}";

    private static string Upper(string text) =>
        string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsAsciiLetterOrDigit(from[i]) ? char.ToUpperInvariant(from[i]) : '_';
            }
        });
}
