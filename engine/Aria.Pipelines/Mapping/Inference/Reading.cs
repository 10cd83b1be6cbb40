using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>One look at a mapping with the shapes of its roots: gives the shape it makes and notes what it reads in vain.</summary>
internal sealed class Reading
{
    private readonly Dictionary<string, Shape> _roots;
    private readonly List<Misreading> _found = [];
    private readonly HashSet<string> _used = [];

    /// <param name="roots">Shape of each root; a root that is not here is unknown.</param>
    public Reading(IReadOnlyDictionary<string, Shape> roots) => _roots = new Dictionary<string, Shape>(roots);

    /// <summary>What was read in vain, in order.</summary>
    public IReadOnlyList<Misreading> Found => _found;

    /// <summary>Every path that was read, for example <c>lookups</c> and <c>lookups.kit</c>.</summary>
    public IReadOnlySet<string> Used => _used;

    /// <summary>Above zero while the code is only reached when a condition holds, which may have asked for null.</summary>
    public int Guards { get; set; }

    /// <summary>Goes on with another shape for a root.</summary>
    public Reading With(string root, Shape shape)
    {
        _roots[root] = shape;
        return this;
    }

    public Shape Root(string name)
    {
        _used.Add(name);
        return _roots.TryGetValue(name, out Shape? shape) ? shape with { Sources = [name], IsCopy = true } : Shape.Unknown with { Sources = [name], IsCopy = true };
    }

    /// <summary>A member of a value.</summary>
    /// <param name="owner">The value.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="at">Where the name is written.</param>
    /// <param name="access">What the language says about values that are not there.</param>
    public Shape Member(Shape owner, string name, SourcePosition at, MemberAccess access)
    {
        string path = owner is { IsCopy: true, Sources: [var source] } ? source : "";
        if (path.Length > 0)
        {
            _used.Add($"{path}.{name}");
        }
        Shape found;
        if (owner.NullBecause is { } because && !access.ToleratesNull && Guards == 0)
        {
            _found.Add(new Misreading(MisreadingKind.MayBeNull, at, path, name, [], because));
        }
        if (owner.Members.TryGetValue(name, out Shape? member))
        {
            found = member;
            if (member is { MayBeAbsent: true, NullBecause: { } absent } && !access.AbsentIsNull && !access.ToleratesNull && Guards == 0)
            {
                _found.Add(new Misreading(MisreadingKind.MayBeNull, at, path, name, [], absent));
                found = member with { NullBecause = null };
            }
        }
        else if (IsMissing(owner, name, IsInput(path) ? access with { HasFallback = false } : access))
        {
            _found.Add(new Misreading(MisreadingKind.UnknownMember, at, path, name, [.. owner.Members.Keys], Describe(owner)));
            return Shape.Unknown;
        }
        else
        {
            found = owner is { IsClosed: true, Kinds: ShapeKinds.Object } ? Shape.Null : Shape.Unknown;
        }
        return found with { Sources = path.Length > 0 ? [$"{path}.{name}"] : [], IsCopy = path.Length > 0, At = at };
    }

    /// <summary>Notes that any member of a value may be read: it is indexed, or given away.</summary>
    public void UseAll(Shape owner)
    {
        if (owner is { IsCopy: true, Sources: [var path] })
        {
            _used.Add($"{path}.*");
        }
    }

    /// <summary>Notes a comparison with a value that it can never have.</summary>
    public void Compare(Shape left, Shape right)
    {
        Shape open = left.IsCopy ? left : right;
        Shape literal = left.IsCopy ? right : left;
        if (open is { IsCopy: true, Constants: { Count: > 0 } possible, Sources: [var path] } && literal is { IsCopy: false, Constants: [var wanted] } && wanted.Json != "null" && possible.All(p => p.Json != wanted.Json))
        {
            _found.Add(new Misreading(MisreadingKind.NeverEqual, wanted.At, path, wanted.Shown, [.. possible.Select(p => p.Shown).Distinct()], null));
        }
    }

    /// <summary>Notes an assignment to the input.</summary>
    public void Write(string root, SourcePosition at) => _found.Add(new Misreading(MisreadingKind.WritesInput, at, root, "", [], null));

    /// <summary>Members of the input are always there, so '??' cannot have been meant for one that is not; a table may lack a key.</summary>
    private static bool IsInput(string path) => path is "event" || path.StartsWith("event.", StringComparison.Ordinal) || path.StartsWith("steps.", StringComparison.Ordinal);

    /// <summary>Notes a mistake of another kind.</summary>
    public void Note(Misreading mistake) => _found.Add(mistake);

    private static bool IsMissing(Shape owner, string name, MemberAccess access)
    {
        if (owner is { IsClosed: true } && owner.Is(ShapeKinds.Object))
        {
            return !access.ObjectNames.Contains(name) && !access.HasFallback && !access.HasDefault;
        }
        return owner.Is(ShapeKinds.Text) ? !access.TextNames.Contains(name)
            : owner.Is(ShapeKinds.List) ? access.ListNames?.Contains(name) == false
            : (owner.Is(ShapeKinds.Number) || owner.Is(ShapeKinds.Flag)) && !access.NumberNames.Contains(name);
    }

    /// <summary>A type in words; null for an object, and for what may be several.</summary>
    internal static string? Describe(Shape owner) =>
        owner.Is(ShapeKinds.Text) ? "a text" : owner.Is(ShapeKinds.Number) ? "a number" : owner.Is(ShapeKinds.Flag) ? "true or false" : owner.Is(ShapeKinds.List) ? "a list" : null;
}

/// <summary>How a language reads a member.</summary>
/// <param name="ObjectNames">Names that every object has.</param>
/// <param name="TextNames">Names that every text has.</param>
/// <param name="NumberNames">Names that every number has.</param>
internal sealed record MemberAccess(IReadOnlySet<string> ObjectNames, IReadOnlySet<string> TextNames, IReadOnlySet<string> NumberNames)
{
    /// <summary>Names that every list has; null when any may be there.</summary>
    public IReadOnlySet<string>? ListNames { get; init; }

    /// <summary>True after <c>?.</c>: null gives null.</summary>
    public bool ToleratesNull { get; init; }

    /// <summary>True when a member that is not there reads as null instead of failing.</summary>
    public bool AbsentIsNull { get; init; }

    /// <summary>True when the author says what a member is that is not there (<c>{ a = b }</c>).</summary>
    public bool HasDefault { get; init; }

    /// <summary>True when a value that is not there is replaced at once (<c>a[key] ?? b</c>).</summary>
    public bool HasFallback { get; init; }
}

/// <summary>Something read in vain.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="At">Where.</param>
/// <param name="Path">What it was read from; empty when it has no name.</param>
/// <param name="Name">The member, or the value compared with.</param>
/// <param name="Known">Names or values that would have been right.</param>
/// <param name="Why">The type of a value without such members, or why it may be null.</param>
internal sealed record Misreading(MisreadingKind Kind, SourcePosition At, string Path, string Name, IReadOnlyList<string> Known, string? Why);

internal enum MisreadingKind
{
    /// <summary>The value has no such member.</summary>
    UnknownMember,

    /// <summary>The value is null in some runs.</summary>
    MayBeNull,

    /// <summary>A comparison that is never true.</summary>
    NeverEqual,

    /// <summary>An assignment to the input.</summary>
    WritesInput,

    /// <summary>A comparison of two types that have no value in common; <c>Known</c> holds the type compared with, <c>Name</c> whether it is never or always true.</summary>
    OtherType,

    /// <summary>A comparison with undefined of a member that is always there; <c>Name</c> says whether it is never or always true.</summary>
    NeverUndefined,

    /// <summary><c>in</c> with a list: it asks for a position.</summary>
    NotAPosition,

    /// <summary>An assignment to a constant.</summary>
    WritesConstant,

    /// <summary>A script, or a function given to a list, that ends without a value.</summary>
    ReturnsNothing,

    /// <summary>A value in the place of a function.</summary>
    NotAFunction,

    /// <summary>A whole object in the middle of a text.</summary>
    ObjectInText,
}
