using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store;

/// <summary>
/// The audit chain. A row's MAC covers its number, the MAC before it and its ciphertext; the head, kept apart under <see cref="HeadName"/>,
/// names the last row under a MAC of its own. All keys come from the store's pepper.
/// </summary>
internal sealed class AuditChain(ContentKeys keys)
{
    /// <summary>Where the head is kept.</summary>
    public const string HeadName = "audit_head";

    private static readonly byte[] Start = new byte[32];

    private readonly byte[] contentKey = keys.Hash("audit-content");

    /// <summary>The row that follows another one, and the head that names it.</summary>
    /// <param name="last">Number and MAC of the last row; null when there is none.</param>
    /// <param name="entry">What to add.</param>
    public (AuditChainRow Row, byte[] Head) Next((long Number, byte[] Mac)? last, AuditEntry entry)
    {
        long number = (last?.Number ?? 0) + 1;
        byte[] previous = last?.Mac ?? Start;
        using var content = new DataKey(contentKey);
        byte[] sealedRow = content.Seal(Write(entry), "audit", Text(number), "row_ct")!;
        byte[] mac = Mac(keys, number, previous, sealedRow);
        return (new AuditChainRow(number, previous, sealedRow, mac), Head(keys, number, mac));
    }

    public AuditRow Open(AuditChainRow row) => new(row.Number, Read(row));

    /// <summary>Walks the whole chain.</summary>
    /// <param name="page">Rows after a number, in order; none when there are no more.</param>
    /// <param name="head">The head that is kept; null when there is none.</param>
    /// <param name="anchor">Where the chain stood once, as somebody kept it outside; null when nobody did.</param>
    public AuditVerdict Verify(Func<long, IReadOnlyList<AuditChainRow>> page, byte[]? head, AuditAnchor? anchor)
    {
        long good = 0;
        byte[] previous = Start;
        while (page(good) is { Count: > 0 } rows)
        {
            foreach (AuditChainRow row in rows)
            {
                if ((Fault(keys, row, good + 1, previous) ?? (anchor?.Allows(row) == false ? $"Row {row.Number} is not the one that the anchor names." : null)) is { } fault)
                {
                    return new AuditVerdict(good, good + 1, fault);
                }
                good = row.Number;
                previous = row.Mac;
            }
        }
        if (anchor is not null && good < anchor.Number)
        {
            return new AuditVerdict(good, good + 1, $"The chain ends before the anchor: row {good + 1} is missing; the anchor names row {anchor.Number}.");
        }
        if (good == 0 && head is null)
        {
            return new AuditVerdict(0, null, null);
        }
        return head is not null && head.AsSpan().SequenceEqual(Head(keys, good, previous))
            ? new AuditVerdict(good, null, null, AuditAnchor.Of(good, previous))
            : new AuditVerdict(good, good + 1, HeadFault(head, good));
    }

    private static string? Fault(ContentKeys keys, AuditChainRow row, long expected, byte[] previous)
    {
        if (row.Number != expected)
        {
            return $"Row {expected} is missing; the next one is row {row.Number}.";
        }
        if (!row.Previous.AsSpan().SequenceEqual(previous))
        {
            return $"Row {expected} does not follow the row before it.";
        }
        return row.Mac.AsSpan().SequenceEqual(Mac(keys, row.Number, row.Previous, row.Sealed)) ? null : $"Row {expected} was changed.";
    }

    private static string HeadFault(byte[]? head, long good) =>
        head is { Length: > sizeof(long) } && BinaryPrimitives.ReadInt64BigEndian(head) is var last && last > good
            ? $"The chain was cut: row {good + 1} and those after it are missing; the last one was row {last}."
            : "The record of the last row is missing or was changed.";

    private static byte[] Mac(ContentKeys keys, long number, byte[] previous, byte[] sealedRow) =>
        keys.Hash("audit", Text(number), [.. previous, .. sealedRow]);

    private static byte[] Head(ContentKeys keys, long number, byte[] mac)
    {
        byte[] first = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(first, number);
        return [.. first, .. keys.Hash("audit-head", Text(number), mac)];
    }

    private static byte[] Write(AuditEntry entry) => ContentText.Write(
        new JsonObject { ["at"] = entry.AtUtc.ToUnixTimeMilliseconds(), ["act"] = entry.Act, ["detail"] = JsonNode.Parse(entry.Detail) }.ToJsonString())!;

    private AuditEntry Read(AuditChainRow row)
    {
        using var content = new DataKey(contentKey);
        using var json = JsonDocument.Parse(content.Open(row.Sealed, "audit", Text(row.Number), "row_ct"));
        JsonElement root = json.RootElement;
        return new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("at").GetInt64()),
            root.GetProperty("act").GetString()!,
            ContentText.Write(root.GetProperty("detail").GetRawText())!);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
