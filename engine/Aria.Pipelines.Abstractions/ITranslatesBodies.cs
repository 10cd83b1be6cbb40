using System.Text.Json;

namespace Aria.Pipelines.Abstractions;

/// <summary>Speaks a format other than JSON, so that <c>connector.json</c> need not. Used when its <c>http.format</c> is <c>"code"</c>.</summary>
public interface ITranslatesBodies : IConnector
{
    /// <summary>Writes the body of a request. Credentials are no part of it: see <see cref="IAuthenticates"/>.</summary>
    /// <param name="body">What the request's <c>body</c> in <c>connector.json</c> gave.</param>
    /// <returns>The bytes to send. The same JSON must give the same bytes: a retry compares them.</returns>
    /// <exception cref="FormatException">The JSON cannot be said in that format. Nothing is sent; the text is shown and must hold no personal data.</exception>
    ReadOnlyMemory<byte> Write(JsonElement body);

    /// <summary>Reads the body of an answer, whatever its status; mappings see the result as <c>response.body</c>.</summary>
    /// <param name="response">The answer; its body is not empty. It may be of any media type: not every error is in the vendor's format.</param>
    /// <returns>The body as JSON. An exception means that it cannot be understood: a write is then not confirmed.</returns>
    JsonElement Read(ConnectorResponse response);
}
