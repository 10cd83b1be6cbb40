using System.Text.Json;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A root and plain member names. It only finds what is simply there; everything else, errors too, is left to the template.</summary>
internal sealed class TemplatePath
{
    private readonly string _root;
    private readonly string[] _members;

    private TemplatePath(string root, string[] members)
    {
        _root = root;
        _members = members;
    }

    public static TemplatePath? From(ScriptExpression expression, IReadOnlyList<string> roots)
    {
        List<string> members = [];
        while (expression is ScriptMemberExpression { Target: { } target, Member: { } member })
        {
            members.Insert(0, member.Name);
            expression = target;
        }
        return expression is ScriptVariableGlobal root && roots.Contains(root.Name) ? new TemplatePath(root.Name, [.. members]) : null;
    }

    public JsonElement? Find(Evaluation evaluation)
    {
        JsonElement at = evaluation.Root(_root);
        foreach (string member in _members)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(member, out at))
            {
                return null;
            }
        }
        return at;
    }
}
