namespace Aria.Pipelines.Outbound;

/// <summary>
/// What is known of one request while it is under way: whether a byte of it left, and through which connection. The handler sends a request
/// without content again when a connection closes early; the mark lets it through one connection only, so that one call is one send.
/// </summary>
internal sealed class SendMark
{
    private static readonly AsyncLocal<SendMark?> Flow = new();
    private MarkedStream? _connection;

    /// <summary>False only when it is certain that nothing was written.</summary>
    public bool HasLeft => Volatile.Read(ref _connection) is not null;

    /// <summary>Marks the request that the calling method is about to send.</summary>
    public static SendMark Begin()
    {
        var mark = new SendMark();
        Flow.Value = mark;
        return mark;
    }

    /// <summary>Called before bytes of the current request are written.</summary>
    /// <exception cref="IOException">The request has been written to another connection.</exception>
    public static void Leave(MarkedStream connection)
    {
        if (Flow.Value is { } mark && Interlocked.CompareExchange(ref mark._connection, connection, null) is { } first && first != connection)
        {
            throw new IOException("The connection closed after the request was written; it is not sent a second time.");
        }
    }
}
