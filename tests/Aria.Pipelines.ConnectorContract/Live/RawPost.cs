namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>One POST without a body, as a vendor sends it.</summary>
internal static class RawPost
{
    /// <returns>The status, and the header of the same name in the answer.</returns>
    public static async Task<(int Status, string? Header)> SendAsync(Uri hook, string header, string value, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, hook);
        request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        return ((int)response.StatusCode, response.Headers.TryGetValues(header, out IEnumerable<string>? values) ? string.Join(',', values) : null);
    }
}
