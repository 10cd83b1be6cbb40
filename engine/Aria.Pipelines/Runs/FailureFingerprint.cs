using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Runs;

/// <summary>
/// Makes failures that are alike equal: same pipeline, step, code and message, where numbers, ids, addresses and times in the message do not
/// count. Only the hash is kept, so a message that quotes a person does not reach an index.
/// </summary>
internal static partial class FailureFingerprint
{
    private const int Digits = 16;

    /// <param name="pipeline">Id of the pipeline.</param>
    /// <param name="step">Path of the step that failed; empty when it was none.</param>
    /// <param name="problem">The failure.</param>
    public static RunFailure Of(string pipeline, string step, Diagnostic problem)
    {
        string message = Changing().Replace($"{problem.Summary} {problem.Detail}", "#").Trim();
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', pipeline, step, problem.Code, message)));
        return new RunFailure(Convert.ToHexStringLower(hash)[..Digits], step);
    }

    // Addresses of mail and web, ids made of hex digits or of Crockford's alphabet, then any number.
    [GeneratedRegex(
        @"\S+@\S+|https?://\S+|\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b[0-9A-HJKMNP-TV-Z]{26}\b|\b(?=[a-f]*[0-9])[0-9a-f]{8,}\b|[0-9]+([.:,T-][0-9]+)*",
        RegexOptions.ExplicitCapture,
        250)]
    private static partial Regex Changing();
}
