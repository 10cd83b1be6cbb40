using Acornima;
using Acornima.Ast;

namespace Aria.Pipelines.Mapping.Inference;

/// <summary>Which variables of a script do not keep the value that they are declared with.</summary>
internal static class ScriptChanges
{
    /// <summary>Names of variables whose value changes after they are declared, or is given to something that may change it.</summary>
    public static IReadOnlySet<string> Of(Node program)
    {
        var changed = new HashSet<string>();
        Find(program, changed);
        return changed;
    }

    private static void Find(Node node, HashSet<string> changed)
    {
        Node? target = node switch
        {
            AssignmentExpression assignment => assignment.Left,
            UpdateExpression update => update.Argument,
            UnaryExpression { Operator: Operator.Delete, Argument: { } argument } => argument,
            CallExpression { Callee: MemberExpression { Object: Identifier self } } => self,
            ForOfStatement loop => loop.Left,
            _ => null,
        };
        if (target is not null && BaseOf(target) is { } name)
        {
            changed.Add(name);
        }
        if (node is CallExpression call)
        {
            foreach (Identifier given in call.Arguments.OfType<Identifier>())
            {
                changed.Add(given.Name);
            }
        }
        foreach (Node child in node.ChildNodes)
        {
            Find(child, changed);
        }
    }

    /// <summary>The variable that a member of a member is of; null for none.</summary>
    public static string? BaseOf(Node target) => target switch
    {
        Identifier identifier => identifier.Name,
        MemberExpression member => BaseOf(member.Object),
        _ => null,
    };
}
