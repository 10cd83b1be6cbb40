using System.Net.Sockets;
using Aria.Pipelines.Faults.InProcess;

namespace Aria.Pipelines.Faults.Campaigns.Remote;

/// <summary>What a bad answer means for the effect.</summary>
internal enum AnswerMeaning
{
    /// <summary>Not processed; to be sent again when the target says so, without using up tries.</summary>
    Limited,

    /// <summary>May have been processed.</summary>
    Unknown,

    /// <summary>Definitely refused.</summary>
    Refused,
}

/// <summary>A way in which a remote system answers badly.</summary>
/// <param name="Name">For people.</param>
/// <param name="Meaning">What it means for the effect.</param>
/// <param name="Write">Writes it; true keeps the connection.</param>
internal sealed record BadAnswer(string Name, AnswerMeaning Meaning, Func<NetworkStream, CancellationToken, Task<bool>> Write)
{
    /// <summary>How long the target must be left alone afterwards; null when that is the engine's own choice.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Code of the run that it ends; null when it does not end it.</summary>
    public string? Code { get; init; }

    public static BadAnswer Limited(string name, string? retryAfter, TimeSpan wait) => new(
        name, AnswerMeaning.Limited, (stream, stop) => RawTarget.JsonAsync(stream, 429, "{}", stop, retryAfter is null ? "" : $"Retry-After: {retryAfter}\r\n")) { Wait = wait };

    public static BadAnswer Status(int status, TimeSpan? wait = null, string headers = "") => new(
        $"{status}{(wait is { } w ? $", Retry-After {w.TotalSeconds}" : "")}", AnswerMeaning.Unknown, (stream, stop) => RawTarget.JsonAsync(stream, status, """{"error":"down"}""", stop, headers)) { Wait = wait };

    public static BadAnswer Refused(int status, string code, string headers = "") => new(
        $"{status}", AnswerMeaning.Refused, (stream, stop) => RawTarget.JsonAsync(stream, status, """{"error":"no"}""", stop, headers)) { Code = code };
}
