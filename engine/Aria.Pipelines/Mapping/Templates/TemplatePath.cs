using System.Text.Json;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A root, then plain member names and positions in lists. It only finds what is simply there; everything else, errors too, is left to the template.</summary>
internal sealed class TemplatePath
{
    private readonly string _root;
    private readonly (string? Member, int Position)[] _parts;

    private TemplatePath(string root, (string? Member, int Position)[] parts)
    {
        _root = root;
        _parts = parts;
    }

    public static TemplatePath? From(ScriptExpression expression, IReadOnlyList<string> roots)
    {
        List<(string? Member, int Position)> parts = [];
        while (true)
        {
            switch (expression)
            {
                case ScriptMemberExpression { Target: { } target, Member: { } member }:
                    parts.Insert(0, (member.Name, 0));
                    expression = target;
                    break;
                case ScriptIndexerExpression { Target: { } list, Index: ScriptLiteral { Value: int position and >= 0 } }:
                    parts.Insert(0, (null, position));
                    expression = list;
                    break;
                case ScriptVariableGlobal root when roots.Contains(root.Name):
                    return new TemplatePath(root.Name, [.. parts]);
                default:
                    return null;
            }
        }
    }

    public JsonElement? Find(Evaluation evaluation)
    {
        JsonElement at = evaluation.Root(_root);
        foreach ((string? member, int position) in _parts)
        {
            if (member is null)
            {
                if (at.ValueKind != JsonValueKind.Array || position >= at.GetArrayLength())
                {
                    return null;
                }
                at = at[position];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(member, out at))
            {
                return null;
            }
        }
        return at;
    }
}
