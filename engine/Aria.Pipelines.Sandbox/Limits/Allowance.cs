using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Limits;

/// <summary>What a rate limit says about one request.</summary>
internal readonly record struct Allowance(bool Allowed, int Limit, int Remaining, DateTimeOffset Reset, DateTimeOffset Now)
{
    /// <summary>Adds <c>X-RateLimit-Limit|Remaining|Reset</c> (epoch seconds), and <c>Retry-After</c> (whole seconds, at least 1) to a refusal.</summary>
    public Answer Stamp(Answer answer)
    {
        // Rounded up: a client that waits exactly as told must not come too early.
        long reset = (long)Math.Ceiling(Reset.ToUnixTimeMilliseconds() / 1000d);
        Answer stamped = answer.With("X-RateLimit-Limit", $"{Limit}").With("X-RateLimit-Remaining", $"{Remaining}").With("X-RateLimit-Reset", $"{reset}");
        return Allowed ? stamped : stamped.With("Retry-After", $"{Math.Max(1, (long)Math.Ceiling((Reset - Now).TotalSeconds))}");
    }
}
