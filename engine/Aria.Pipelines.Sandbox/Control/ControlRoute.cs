using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Control;

/// <summary>
/// One route of a control API. The path is below <c>/_sandbox/</c>, with <c>*</c> for one free segment.
/// The work gets that segment (or an empty string) and the JSON body (empty object when there is none).
/// </summary>
internal sealed record ControlRoute(string Method, string Path, Func<string, JsonObject, CancellationToken, Task<Answer>> Work)
{
    public static ControlRoute Of(string method, string path, Func<string, JsonObject, Answer> work) =>
        new(method, path, (id, body, _) => Task.FromResult(work(id, body)));

    /// <summary>The free segment when the route matches (empty without one), else null.</summary>
    public string? Match(string method, string path)
    {
        if (method != Method)
        {
            return null;
        }

        string[] mine = Path.Split('/');
        string[] theirs = path.Split('/');
        string free = "";
        if (mine.Length != theirs.Length)
        {
            return null;
        }

        for (int i = 0; i < mine.Length; i++)
        {
            if (mine[i] == "*")
            {
                free = theirs[i];
            }
            else if (mine[i] != theirs[i])
            {
                return null;
            }
        }

        return free;
    }
}
