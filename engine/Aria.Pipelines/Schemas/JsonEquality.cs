using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>Equality of JSON values as JSON Schema has it: numbers by value, objects whatever the order of their properties.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    public static JsonEquality Instance { get; } = new();

    public bool Equals(JsonElement x, JsonElement y)
    {
        if (x.ValueKind != y.ValueKind)
        {
            return false;
        }
        return x.ValueKind switch
        {
            JsonValueKind.Number => new ExactNumber(x).Compare(new ExactNumber(y)) == 0,
            JsonValueKind.String => StringsEqual(x, y),
            JsonValueKind.Array => ArraysEqual(x, y),
            JsonValueKind.Object => ObjectsEqual(x, y),
            _ => true,
        };
    }

    public int GetHashCode(JsonElement obj)
    {
        var hash = new HashCode();
        hash.Add(obj.ValueKind);
        switch (obj.ValueKind)
        {
            case JsonValueKind.Number:
                hash.Add(new ExactNumber(obj).NumericHash());
                break;
            case JsonValueKind.String:
                hash.Add(obj.GetString());
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in obj.EnumerateArray())
                {
                    hash.Add(GetHashCode(item));
                }
                break;
            case JsonValueKind.Object:
                hash.Add(Members(obj).Aggregate(0, (sum, p) => unchecked(sum + HashCode.Combine(p.Key, GetHashCode(p.Value)))));
                break;
        }
        return hash.ToHashCode();
    }

    private static bool StringsEqual(JsonElement x, JsonElement y)
    {
        ReadOnlySpan<byte> mine = JsonMarshal.GetRawUtf8Value(x);
        ReadOnlySpan<byte> theirs = JsonMarshal.GetRawUtf8Value(y);
        bool escaped = mine.Contains((byte)'\\') || theirs.Contains((byte)'\\');
        return escaped ? string.Equals(x.GetString(), y.GetString(), StringComparison.Ordinal) : mine.SequenceEqual(theirs);
    }

    private bool ArraysEqual(JsonElement x, JsonElement y)
    {
        if (x.GetArrayLength() != y.GetArrayLength())
        {
            return false;
        }
        JsonElement.ArrayEnumerator others = y.EnumerateArray();
        foreach (JsonElement item in x.EnumerateArray())
        {
            others.MoveNext();
            if (!Equals(item, others.Current))
            {
                return false;
            }
        }
        return true;
    }

    private bool ObjectsEqual(JsonElement x, JsonElement y)
    {
        Dictionary<string, JsonElement> mine = Members(x);
        Dictionary<string, JsonElement> theirs = Members(y);
        return mine.Count == theirs.Count
            && mine.All(member => theirs.TryGetValue(member.Key, out JsonElement other) && Equals(member.Value, other));
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        Dictionary<string, JsonElement> members = new(element.GetPropertyCount());
        foreach (JsonProperty member in element.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }
        return members;
    }
}
