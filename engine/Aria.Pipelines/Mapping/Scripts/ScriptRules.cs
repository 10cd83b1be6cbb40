using Acornima.Ast;
using Aria.Pipelines.Definitions;
using Jint;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>What a script may name and use, checked on its syntax tree before it ever runs.</summary>
/// <param name="source">The script as the author wrote it.</param>
/// <param name="shift">UTF-16 units that stand before it in what was parsed.</param>
/// <param name="bag">Receives the findings.</param>
internal sealed class ScriptRules(SourceText source, int shift, DiagnosticBag bag)
{
    private const string NoClock = "A mapping has no clock, so that it always makes the same result. Use the root 'now', or give the date: new Date(text).";
    private const string NoChance = "A mapping has no randomness, so that it always makes the same result. Derive values from the event, for example with sha256Hex(event.id).";

    // They hand out members that nobody named.
    private static readonly string[] NamelessAccess = ["getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "getOwnPropertyNames"];

    /// <summary>Whether a body has a return statement of its own, not only in inner functions.</summary>
    public static bool Returns(Node body) => Walk(body, intoFunctions: false).Any(n => n is ReturnStatement);

    /// <summary>Whether a wrapped script calls anything beside its wrapping.</summary>
    public static bool Calls(Node program) => Walk(program, intoFunctions: true).Count(n => n is CallExpression or NewExpression or TaggedTemplateExpression) > 1;

    /// <summary>Every name that stands in a script; null when it also makes names, so that any may be used.</summary>
    public static IReadOnlySet<string>? NamesUsed(Node program)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Node node in Walk(program, intoFunctions: true))
        {
            if (node is MemberExpression { Computed: true, Property: not NumericLiteral } or Property { Computed: true })
            {
                return null;
            }
            if (node is Identifier identifier)
            {
                names.Add(identifier.Name);
            }
        }
        return names.Overlaps(NamelessAccess) ? null : names;
    }

    public void Check(Node program, ReferencedGlobals globals, IReadOnlySet<string> roots)
    {
        List<Node> nodes = [.. Walk(program, intoFunctions: true)];
        foreach (string name in globals.Where(g => !roots.Contains(g) && !ScriptSandbox.Names.Contains(g)).Order(StringComparer.Ordinal))
        {
            Node? use = nodes.Find(n => n is Identifier identifier && identifier.Name == name && !IsMemberName(identifier, nodes));
            bag.Error(MappingCodes.UnknownName, At(use ?? program), $"'{name}' is not known here.", Suggestion.For(name, [.. roots.Order(StringComparer.Ordinal), .. ScriptSandbox.Functions]));
        }
        foreach (Node node in nodes)
        {
            if (Forbidden(node, globals) is ({ } what, { } why))
            {
                bag.Error(MappingCodes.NotAvailable, At(node), $"{what} not available in a mapping.", why);
            }
        }
    }

    private static (string? What, string? Why) Forbidden(Node node, ReferencedGlobals globals) => node switch
    {
        BigIntLiteral => ("BigInt is", "Use ordinary numbers; whole numbers of the event beyond 2^53 arrive as texts with all their digits."),
        IFunction { Async: true } => ("Asynchronous code is", "A mapping computes its result at once: remove 'async' and 'await'."),
        AwaitExpression or ForOfStatement { Await: true } => ("Asynchronous code is", "A mapping computes its result at once: remove 'async' and 'await'."),
        ImportExpression => ("'import' is", "Put what is needed into this file."),
        NewExpression { Callee: Identifier { Name: "Date" }, Arguments.Count: 0 } when globals.Contains("Date") => ("'new Date()' without a date is", NoClock),
        CallExpression { Callee: Identifier { Name: "Date" } } when globals.Contains("Date") => ("'Date()' is", NoClock),
        MemberExpression { Object: Identifier { Name: "Date" }, Property: Identifier { Name: "now" }, Computed: false } when globals.Contains("Date") => ("'Date.now' is", NoClock),
        MemberExpression { Object: Identifier { Name: "Math" }, Property: Identifier { Name: "random" }, Computed: false } when globals.Contains("Math") => ("'Math.random' is", NoChance),
        _ => (null, null),
    };

    private static bool IsMemberName(Identifier identifier, List<Node> nodes) => nodes.Exists(n =>
        n is MemberExpression { Computed: false } member && ReferenceEquals(member.Property, identifier) ||
        n is Property { Computed: false, Shorthand: false } property && ReferenceEquals(property.Key, identifier));

    private SourcePosition At(Node node) => source.At(node.Start - shift);

    private static IEnumerable<Node> Walk(Node from, bool intoFunctions)
    {
        var open = new Stack<Node>([from]);
        while (open.TryPop(out Node? node))
        {
            yield return node;
            if (!intoFunctions && node is IFunction)
            {
                continue;
            }
            List<Node> children = [];
            foreach (Node child in node.ChildNodes)
            {
                children.Add(child);
            }
            for (int i = children.Count - 1; i >= 0; i--)
            {
                open.Push(children[i]);
            }
        }
    }
}
