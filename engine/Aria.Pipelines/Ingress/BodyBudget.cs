namespace Aria.Pipelines.Ingress;

/// <summary>
/// How many bytes of deliveries are held at once, from before they are read until they are stored. While the store is held up, what waits for
/// it must not fill the memory; whoever gets no room is told to come again.
/// </summary>
/// <param name="most">Bytes of bodies. With headers, decoded and encrypted forms a delivery takes a few times as much.</param>
internal sealed class BodyBudget(long most)
{
    private const long Usual = 128 * 1024 * 1024;
    private const int PartOfMemory = 8;
    private long _held;

    /// <summary>A budget for the memory that this process may use.</summary>
    public static BodyBudget OfMemory() => new(Math.Max(2 * WebhookEndpoint.MaxBodyBytes, Math.Min(Usual, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartOfMemory)));

    /// <summary>Takes room for a body.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most)
        {
            return true;
        }
        Give(bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _held, -bytes);
}
