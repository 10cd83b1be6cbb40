using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Host.Control;

/// <summary>Speaks to the running host of a data folder.</summary>
internal sealed class ControlClient : IDisposable
{
    // A large replay takes its time.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(30);

    private readonly HttpClient _http;

    public ControlClient(string data)
    {
        string socketPath = ControlApi.SocketPath(data);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://aria.local/control/"), Timeout = LongestAnswer };
    }

    /// <summary>Asks the host.</summary>
    /// <returns>Its answer, and whether it was a success.</returns>
    /// <exception cref="HttpRequestException">No host runs on this data folder.</exception>
    public Task<(bool Good, JsonNode Answer)> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        AskAsync(method, path, null, cancellationToken);

    /// <inheritdoc cref="AskAsync(HttpMethod, string, CancellationToken)"/>
    public async Task<(bool Good, JsonNode Answer)> AskAsync(HttpMethod method, string path, JsonObject? asked, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
        {
            request.Content = asked is null ? new ByteArrayContent([]) : new StringContent(Output.HostJson.OneLine(asked), Encoding.UTF8, "application/json");
        }
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length > 0 && JsonNode.Parse(text) is { } answer
            ? (response.IsSuccessStatusCode, answer)
            : (false, new JsonObject { ["error"] = $"The host failed with status {(int)response.StatusCode}; its log says why." });
    }

    public void Dispose() => _http.Dispose();
}
