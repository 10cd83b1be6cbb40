using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Asks the running host of a data folder, and says what went wrong when it does not answer well.</summary>
internal static partial class RunningHost
{
    // Members of answers that hold a command to write.
    private static readonly string[] Commands = ["done", "sendAgain", "command"];

    /// <returns>Its answer; null when there is none, which the person was told.</returns>
    public static async Task<JsonNode?> AskAsync(string data, HttpMethod method, string path, JsonObject? asked, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new ControlClient(data);
            (bool good, JsonNode answer) = await client.AskAsync(method, path, asked, cancellationToken);
            Complete(answer, Hint(data));
            if (good)
            {
                return answer;
            }
            Terminal.Fail(answer is JsonObject refusal && refusal["error"] is { } error ? Quoted().Replace(error.GetValue<string>(), m => $"'{m.Groups["command"].Value}{Hint(data)}'") : HostJson.OneLine(answer));
            if ((answer as JsonObject)?["command"] is { } command)
            {
                Terminal.Fail($"  {command.GetValue<string>()}");
            }
        }
        catch (IOException e)
        {
            Terminal.Fail(e.Message);
        }
        catch (HttpRequestException e)
        {
            Terminal.Fail(NoAnswer(data, e));
        }
        return null;
    }

    /// <summary>What an act carries: who asks, and why.</summary>
    public static JsonObject Act(string? reason) => new() { ["by"] = Environment.UserName, ["reason"] = reason };

    /// <summary>What a suggested command needs besides, so that it reaches the same host; empty for the folder that verbs use by themselves.</summary>
    public static string Hint(string data) => data == CommonOptions.DefaultData ? "" : $" --data {(data.All(c => char.IsAsciiLetterOrDigit(c) || "/._-~:\\".Contains(c)) ? data : $"'{data}'")}";

    /// <summary>Why nobody answered: no host is there, or it is somebody else's.</summary>
    public static string NoAnswer(string data, HttpRequestException failure) => IsDenied(failure)
        ? $"The user '{Environment.UserName}' may not speak to the host on the data folder '{data}': it belongs to another user. Run the command as the user who runs the host."
        : $"No host runs on the data folder '{data}'. Start one with 'aria run{(Hint(data).Length > 0 ? Hint(data) : $" --data {data}")}'.";

    /// <summary>True when a host may be there, and this user may not speak to it.</summary>
    public static bool IsDenied(HttpRequestException failure) => failure.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied };

    private static void Complete(JsonNode? answer, string hint)
    {
        if (hint.Length == 0)
        {
            return;
        }
        foreach (JsonNode? item in answer as JsonArray ?? [])
        {
            Complete(item, hint);
        }
        foreach ((string name, JsonNode? value) in (answer as JsonObject ?? []).ToArray())
        {
            if (Commands.Contains(name) && value is JsonValue text && text.TryGetValue(out string? command) && command.StartsWith("aria ", StringComparison.Ordinal))
            {
                answer![name] = command + hint;
            }
            else if (name is "review" || value is JsonArray)
            {
                Complete(value, hint);
            }
        }
    }

    [GeneratedRegex("'(?<command>aria [^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
