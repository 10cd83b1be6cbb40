using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Outbound;

/// <summary>What came of one request.</summary>
/// <param name="Response">The complete answer; null when there is none.</param>
/// <param name="MayHaveArrived">False only when it is certain that no byte of the request reached the target.</param>
/// <param name="Code">Why there is no answer: <c>ssrf_blocked</c>, <c>plain_http_refused</c>, <c>not_connected</c>, <c>tls_failed</c>, <c>timeout</c>, <c>connection_lost</c>, <c>response_too_large</c>, <c>response_unreadable</c>, <c>invalid_header_value</c>.</param>
/// <param name="Detail">For people; no secrets.</param>
/// <param name="Elapsed">From start to end.</param>
internal sealed record HttpAnswer(ConnectorResponse? Response, bool MayHaveArrived, string? Code, string? Detail, TimeSpan Elapsed);
