using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Fields of documents in the store's own types. A field that is null or missing reads as null.</summary>
internal static class BsonFields
{
    public static string Text(this BsonDocument document, string field) => document[field].AsString;

    public static string? TextOrNull(this BsonDocument document, string field) => document[field].IsNull ? null : document[field].AsString;

    public static long Number(this BsonDocument document, string field) => document[field].AsInt64;

    public static long? NumberOrNull(this BsonDocument document, string field) => document[field].IsNull ? null : document[field].AsInt64;

    public static int Count(this BsonDocument document, string field) => (int)document[field].AsInt64;

    public static byte[] Bytes(this BsonDocument document, string field) => document[field].AsBinary;

    public static byte[]? BytesOrNull(this BsonDocument document, string field) => document[field].IsNull ? null : document[field].AsBinary;

    public static DateTimeOffset Time(this BsonDocument document, string field) => DateTimeOffset.FromUnixTimeMilliseconds(document[field].AsInt64);

    public static DateTimeOffset? TimeOrNull(this BsonDocument document, string field) => document[field].IsNull ? null : document.Time(field);

    public static T State<T>(this BsonDocument document, string field = "state")
        where T : struct, Enum => StateNames.Parse<T>(document[field].AsString);

    public static BsonValue OrNull(this long? number) => number is long some ? new BsonValue(some) : BsonValue.Null;
}
