using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>One endpoint. In its path <c>*</c> is one free segment; the work gets those in order.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path from the root.</param>
/// <param name="Scopes">Any of these is enough.</param>
/// <param name="Work">Done under the account's lock.</param>
internal sealed record ApiRoute(string Method, string Path, string[] Scopes, Func<string[], SandboxRequest, Answer> Work)
{
    /// <summary>Done instead of <see cref="Work"/> and outside of the lock, for what waits for another server.</summary>
    public Func<string[], CancellationToken, Task<Answer>>? Waiting { get; init; }

    /// <summary>The free segments when the route matches; else null.</summary>
    public string[]? Match(string method, string[] path)
    {
        string[] mine = Path.Split('/');
        return method == Method && mine.Length == path.Length && mine.Zip(path).All(s => s.First == s.Second || (s.First == "*" && s.Second.Length > 0))
            ? [.. mine.Zip(path).Where(s => s.First == "*").Select(s => s.Second)] : null;
    }
}
