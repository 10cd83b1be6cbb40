using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Asks the running host of a data folder, and says what went wrong when it does not answer well.</summary>
internal static class RunningHost
{
    /// <returns>Its answer; null when there is none, which the person was told.</returns>
    public static async Task<JsonNode?> AskAsync(string data, HttpMethod method, string path, JsonObject? asked, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new ControlClient(data);
            (bool good, JsonNode answer) = await client.AskAsync(method, path, asked, cancellationToken);
            if (good)
            {
                return answer;
            }
            Terminal.Fail(answer is JsonObject refusal && refusal["error"] is { } error ? error.GetValue<string>() : HostJson.OneLine(answer));
        }
        catch (IOException e)
        {
            Terminal.Fail(e.Message);
        }
        catch (HttpRequestException)
        {
            Terminal.Fail($"No host runs on the data folder '{data}'. Start one with 'aria run --data {data}'.");
        }
        return null;
    }

    /// <summary>What an act carries: who asks, and why.</summary>
    public static JsonObject Act(string? reason) => new() { ["by"] = Environment.UserName, ["reason"] = reason };
}
