namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>One request as a simulated system saw it. It never holds a credential, only the kind of it.</summary>
/// <param name="Number">Position in the order of arrival, from 1.</param>
/// <param name="At">Arrival, on the sandbox's clock.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without query.</param>
/// <param name="Query">Query string with its question mark, without credentials, or empty.</param>
/// <param name="Authorization">The scheme of the Authorization header (<c>Bearer</c>, <c>Basic</c>), or <c>none</c>.</param>
/// <param name="IdempotencyKey">The <c>Idempotency-Key</c> header, or null.</param>
/// <param name="Body">The body as UTF-8 text, cut after 64 KiB, without the text of elements named Password; empty for the token path, whose body may carry a secret.</param>
/// <param name="BodySha256">Lower-case hex SHA-256 of the whole body.</param>
/// <param name="Status">The status answered; 0 while in work, and for ever when the connection was closed without an answer.</param>
/// <param name="Fault">The kind of the injected fault that met this request, or null.</param>
public sealed record ReceivedRequest(
    long Number, DateTimeOffset At, string Method, string Path, string Query, string Authorization,
    string? IdempotencyKey, string Body, string BodySha256, int Status, string? Fault);
