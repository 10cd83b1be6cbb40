namespace Aria.Pipelines.Outbound;

/// <summary>When an account is left alone because its system does not answer.</summary>
/// <param name="Failures">Requests in a row that were not answered, or answered with 5xx.</param>
/// <param name="OpenFor">For how long then, before one request probes; doubles up to ten minutes while probes fail.</param>
internal sealed record BreakerTerms(int Failures, TimeSpan OpenFor)
{
    public static readonly BreakerTerms Default = new(5, TimeSpan.FromSeconds(30));

    /// <summary>The longest time between two probes.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
}
