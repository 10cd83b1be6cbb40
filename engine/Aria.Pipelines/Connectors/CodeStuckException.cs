namespace Aria.Pipelines.Connectors;

/// <summary>Code of a connector that does not come back.</summary>
/// <param name="message">What it did, as a sentence that goes on after the name of the ability.</param>
internal sealed class CodeStuckException(string message) : Exception(message)
{
    /// <summary>What is said of an exception of connector code. Its own text may hold anything, so only its type is told.</summary>
    public static string Said(Exception exception) => exception is CodeStuckException stuck ? stuck.Message : $"It threw {exception.GetType().FullName}.";
}
