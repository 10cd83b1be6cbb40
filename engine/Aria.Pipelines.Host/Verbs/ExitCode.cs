namespace Aria.Pipelines.Host.Verbs;

/// <summary>What every verb ends with.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>Findings, or a failure.</summary>
    public const int Failure = 1;

    public const int WrongUsage = 2;
}
