using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Runs;

/// <summary>How long a run waits between two tries: doubling, spread by a fifth either way so that many runs do not come back together.</summary>
internal static class RetryDelay
{
    /// <param name="attempt">The try that comes next, 2 for the first repetition.</param>
    /// <param name="first">Wait before the second try.</param>
    /// <param name="runId">Makes the spread differ between runs, and equal for the same run and try.</param>
    public static TimeSpan Before(int attempt, TimeSpan first, string runId)
    {
        double doubled = first.TotalMilliseconds * Math.Pow(2, Math.Min(30, attempt - 2));
        double capped = Math.Min(doubled, RetryDefaults.LongestDelay.TotalMilliseconds);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(runId + attempt.ToString(CultureInfo.InvariantCulture)));
        double spread = 0.8 + (0.4 * hash[0] / 255);
        return TimeSpan.FromMilliseconds(capped * spread);
    }
}
