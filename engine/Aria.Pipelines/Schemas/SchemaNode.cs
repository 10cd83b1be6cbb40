using System.Text.Json;
using Aria.Pipelines.Schemas.Keywords;

namespace Aria.Pipelines.Schemas;

/// <summary>One compiled schema: its keywords, ready to check values. Unchanging once its compilation has ended.</summary>
internal sealed class SchemaNode(SchemaPlace place)
{
    private SchemaKeyword[] _keywords = [];
    private bool _looksAtRest;

    public SchemaPlace Place { get; } = place;

    /// <summary>The resource, for the dynamic scope.</summary>
    public SchemaResource Resource { get; } = place.Resource;

    /// <summary>True for the schema <c>false</c>.</summary>
    public bool AllowsNothing => Place.Element.ValueKind == JsonValueKind.False;

    /// <summary>Gives the node its keywords, in the order of their evaluation.</summary>
    public void Fill(SchemaKeyword[] keywords)
    {
        _keywords = keywords;
        _looksAtRest = Array.Exists(keywords, k => k.LooksAtRest);
    }

    /// <summary>Checks a value.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="run">The validation it is part of; takes the findings.</param>
    /// <param name="outer">Takes what was covered of the value; null when nobody asks.</param>
    /// <returns>True when the value fits. Also false once a limit has stopped the run.</returns>
    public bool Check(JsonElement instance, Evaluation run, Coverage? outer = null)
    {
        if (_keywords.Length == 0)
        {
            return true;
        }
        if (!run.Enter(this, _keywords.Length))
        {
            return false;
        }
        Coverage? seen = outer is not null || _looksAtRest ? new Coverage() : null;
        bool fits = true;
        foreach (SchemaKeyword keyword in _keywords)
        {
            fits &= keyword.Check(instance, run, seen);
            if (!fits && !run.Reports)
            {
                break;
            }
        }
        run.Leave();
        // A reporting run is lost already; covering what a failed branch names keeps it from being reported as unknown too.
        if (outer is not null && (fits || run.Reports))
        {
            outer.Merge(seen!);
        }
        return fits;
    }
}
