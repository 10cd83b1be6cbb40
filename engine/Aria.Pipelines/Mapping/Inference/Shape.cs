using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>What is known of a JSON value before anything runs. Immutable; what is not understood is <see cref="Unknown"/>, never guessed.</summary>
internal sealed record Shape
{
    // First, because the shapes below begin with it.
    private static readonly IReadOnlyDictionary<string, Shape> NoMembers = new Dictionary<string, Shape>();

    public static readonly Shape Unknown = new() { Kinds = ShapeKinds.Any };
    public static readonly Shape Text = new() { Kinds = ShapeKinds.Text };
    public static readonly Shape Number = new() { Kinds = ShapeKinds.Number };
    public static readonly Shape Flag = new() { Kinds = ShapeKinds.Flag };
    public static readonly Shape Null = new() { Kinds = ShapeKinds.Null };

    public required ShapeKinds Kinds { get; init; }

    /// <summary>Members known of an object.</summary>
    public IReadOnlyDictionary<string, Shape> Members { get; init; } = NoMembers;

    /// <summary>True when an object has no members beside <see cref="Members"/>.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The items of a list; null when not known.</summary>
    public Shape? Item { get; init; }

    /// <summary>The only scalars it can be; null for any.</summary>
    public IReadOnlyList<Constant>? Constants { get; init; }

    /// <summary>Scalars written out that it is in some runs.</summary>
    public IReadOnlyList<Constant> Literals { get; init; } = [];

    /// <summary>Why the value is null in some runs, as the end of a sentence; null when nothing says so.</summary>
    public string? NullBecause { get; init; }

    /// <summary>Whether an object that lacks the member at run time was to be expected (a condition before it may have asked).</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>Paths of the input that flow unchanged into the value, for example <c>event.candidate.email</c>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>True when the value is one source and nothing else.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Where it is written.</summary>
    public SourcePosition At { get; init; }

    /// <summary>Where the name of the member that holds it is written.</summary>
    public SourcePosition NameAt { get; init; }

    public bool IsUnknown => Kinds == ShapeKinds.Any && Members.Count == 0 && Constants is null;

    public bool Is(ShapeKinds only) => (Kinds & ~(only | ShapeKinds.Null)) == ShapeKinds.None && (Kinds & only) != ShapeKinds.None;

    public Shape WithoutNull() => this with { Kinds = Kinds & ~ShapeKinds.Null, NullBecause = null, Constants = Constants is null ? null : [.. Constants.Where(c => c.Json != "null")] };

    /// <summary>A closed object.</summary>
    public static Shape Object(IReadOnlyDictionary<string, Shape> members) => new() { Kinds = ShapeKinds.Object, Members = members, IsClosed = true };

    public static Shape Of(ShapeKinds kinds, string json, SourcePosition at) => new() { Kinds = kinds, Constants = [new Constant(json, at)], Literals = [new Constant(json, at)], At = at };

    public static Shape OfText(string text, SourcePosition at) => Of(ShapeKinds.Text, JsonSerializer.Serialize(text, ShapeJson.Default.String), at);

    /// <summary>One value or the other.</summary>
    public Shape Or(Shape other)
    {
        if (IsUnknown || other.IsUnknown)
        {
            return Unknown with { Literals = [.. Literals.Concat(other.Literals)], Sources = [.. Sources.Union(other.Sources)], At = At };
        }
        bool bothObjects = Kinds.HasFlag(ShapeKinds.Object) && other.Kinds.HasFlag(ShapeKinds.Object);
        return new Shape
        {
            Kinds = Kinds | other.Kinds,
            Members = bothObjects ? Merge(other) : Members.Count > 0 ? Members : other.Members,
            IsClosed = bothObjects ? IsClosed && other.IsClosed : IsClosed || other.IsClosed,
            Item = Item is null ? other.Item : other.Item is null ? Item : Item.Or(other.Item),
            Literals = [.. Literals.Concat(other.Literals)],
            Constants = Constants is null || other.Constants is null ? null : [.. Constants.Concat(other.Constants)],
            NullBecause = NullBecause ?? other.NullBecause,
            MayBeAbsent = MayBeAbsent || other.MayBeAbsent,
            Sources = [.. Sources.Union(other.Sources)],
            At = At,
        };
    }

    /// <summary>What is not known yet is taken from an example.</summary>
    public Shape Refine(Shape example)
    {
        if (IsUnknown)
        {
            return example;
        }
        if (!Kinds.HasFlag(ShapeKinds.Object) || example.Members.Count == 0)
        {
            return this;
        }
        Dictionary<string, Shape> members = Members.ToDictionary(m => m.Key, m => example.Members.TryGetValue(m.Key, out Shape? shown) ? m.Value.Refine(shown) : m.Value);
        foreach ((string name, Shape shown) in example.Members.Where(m => !IsClosed && !Members.ContainsKey(m.Key)))
        {
            members[name] = shown;
        }
        return this with { Members = members };
    }

    /// <summary>Two examples of one thing: what one shows and the other does not is kept.</summary>
    public Shape AndExample(Shape other)
    {
        if (IsUnknown || other.IsUnknown)
        {
            return IsUnknown ? other : this;
        }
        if (!Is(ShapeKinds.Object) || !other.Is(ShapeKinds.Object))
        {
            return Or(other);
        }
        var members = new Dictionary<string, Shape>(Members);
        foreach ((string name, Shape shown) in other.Members)
        {
            members[name] = members.TryGetValue(name, out Shape? mine) ? mine.AndExample(shown) : shown;
        }
        return this with { Members = members, IsClosed = IsClosed && other.IsClosed };
    }

    /// <summary>The shape without anything that belongs to the file it was inferred from.</summary>
    public Shape Detached() => new()
    {
        Kinds = Kinds,
        Members = Members.ToDictionary(m => m.Key, m => m.Value.Detached()),
        IsClosed = IsClosed,
        Item = Item?.Detached(),
        Constants = Constants,
    };

    /// <summary>An example as a shape. A null says nothing of the type; lists and texts are of any content.</summary>
    /// <param name="sample">The example.</param>
    /// <param name="closed">Whether objects have only the members shown.</param>
    public static Shape OfSample(JsonElement sample, bool closed) => sample.ValueKind switch
    {
        JsonValueKind.Object => new Shape
        {
            Kinds = ShapeKinds.Object,
            Members = sample.EnumerateObject().ToDictionary(p => p.Name, p => OfSample(p.Value, closed)),
            IsClosed = closed,
        },
        JsonValueKind.Array => new Shape { Kinds = ShapeKinds.List, Item = Items(sample, closed) },
        JsonValueKind.String => Text,
        JsonValueKind.Number => Number,
        JsonValueKind.True or JsonValueKind.False => Flag,
        _ => Unknown,
    };

    /// <summary>A value as it is written, exact to its constants.</summary>
    public static Shape OfLiteral(JsonCursor value) => value.Kind switch
    {
        JsonValueKind.Object => Object(value.Properties().ToDictionary(p => p.Name, p => OfLiteral(p.Value) with { NameAt = p.Value.NamePosition })) with { At = value.Position },
        JsonValueKind.Array => OfItems([.. value.Items().Select(OfLiteral)], value.Position),
        JsonValueKind.String => OfText(value.Element.GetString()!, value.Position),
        JsonValueKind.Number => Of(ShapeKinds.Number, value.Element.GetRawText(), value.Position),
        JsonValueKind.True or JsonValueKind.False => Of(ShapeKinds.Flag, value.Element.GetRawText(), value.Position),
        _ => Of(ShapeKinds.Null, "null", value.Position),
    };

    public static Shape OfItems(IReadOnlyList<Shape> items, SourcePosition at) => new()
    {
        Kinds = ShapeKinds.List,
        Item = items.Count == 0 ? null : items.Aggregate((a, b) => a.Or(b)),
        Sources = [.. items.SelectMany(i => i.Sources).Distinct()],
        At = at,
    };

    private static Shape? Items(JsonElement sample, bool closed) => sample.GetArrayLength() == 0 ? null : sample.EnumerateArray().Select(i => OfSample(i, closed)).Aggregate((a, b) => a.Or(b));

    private Dictionary<string, Shape> Merge(Shape other)
    {
        var merged = new Dictionary<string, Shape>(Members);
        foreach ((string name, Shape member) in other.Members)
        {
            merged[name] = merged.TryGetValue(name, out Shape? mine) ? mine.Or(member) with { NameAt = mine.NameAt } : member with { MayBeAbsent = true };
        }
        foreach (string name in Members.Keys.Where(n => !other.Members.ContainsKey(n)))
        {
            merged[name] = merged[name] with { MayBeAbsent = true };
        }
        return merged;
    }
}

/// <summary>A scalar written out.</summary>
/// <param name="Json">Its JSON text.</param>
/// <param name="At">Where it is written.</param>
internal sealed record Constant(string Json, SourcePosition At)
{
    /// <summary>As a person would say it: texts without quotes.</summary>
    public string Shown => Json.StartsWith('"') ? JsonSerializer.Deserialize(Json, ShapeJson.Default.String)! : Json;
}

/// <summary>The JSON types a value may have.</summary>
[Flags]
internal enum ShapeKinds
{
    None = 0,
    Null = 1,
    Text = 2,
    Number = 4,
    Flag = 8,
    Object = 16,
    List = 32,
    Any = 63,
}
