namespace Aria.Pipelines.Faults.Rig;

/// <summary>What the proxy does to one request.</summary>
/// <param name="Cut">Where the connection ends.</param>
/// <param name="Reset">True to end it with RST, false with FIN.</param>
/// <param name="Delay">Wait before the request is passed on.</param>
/// <param name="BytesPerSecond">Speed of the answer; null for all at once.</param>
/// <param name="Instead">A whole answer that is given, while the request never reaches the target; null for none.</param>
internal sealed record ProxyFault(CutPhase Cut, bool Reset = false, TimeSpan Delay = default, int? BytesPerSecond = null, byte[]? Instead = null)
{
    public static ProxyFault None { get; } = new(CutPhase.None);

    /// <summary>Headers that the answer carries beside, or in place of, its own; null for none.</summary>
    public IReadOnlyDictionary<string, string>? MoreHeaders { get; init; }
}
