using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store;

/// <summary>Cursors whose value is a secret of a connection. They move like all others, and are encrypted where the others are kept as they are.</summary>
internal static class SecretCursor
{
    // No event can have such a name.
    private const string Prefix = "secret:";

    private const string Table = "cursor";
    private const string Column = "value";

    /// <summary>The cursor of a setting.</summary>
    public static string Name(string setting) => Prefix + setting;

    /// <summary>The value as it is written.</summary>
    public static byte[] Seal(ContentKeys keys, string connection, CursorMove move)
    {
        if (!move.Name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return move.Value;
        }
        string row = $"{connection}|{move.Name}";
        (DataKey made, byte[] wrapped) = keys.NewDataKey(row);
        using DataKey key = made;
        return [(byte)wrapped.Length, .. wrapped, .. key.Seal(move.Value, Table, row, Column)!];
    }

    /// <summary>The value as it was given.</summary>
    /// <exception cref="ContentIntegrityException">What was written for this connection and name has been changed.</exception>
    public static byte[]? Open(ContentKeys keys, string connection, string cursor, byte[]? stored)
    {
        if (stored is null || !cursor.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return stored;
        }
        string row = $"{connection}|{cursor}";
        if (stored.Length == 0 || stored.Length <= stored[0])
        {
            throw new ContentIntegrityException($"{Table}|{row}|{Column}");
        }
        int length = stored[0];
        using DataKey key = keys.OpenDataKey(row, stored[1..(1 + length)]);
        return key.Open(stored[(1 + length)..], Table, row, Column);
    }
}
