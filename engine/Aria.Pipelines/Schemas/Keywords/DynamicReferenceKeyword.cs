using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>A <c>$dynamicRef</c> to a <c>$dynamicAnchor</c>: the outermost resource being evaluated that has the anchor wins.</summary>
internal sealed class DynamicReferenceKeyword(string location, string anchor, SchemaNode initial) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage) =>
        Target(run.Scope).Check(instance, run, coverage);

    private SchemaNode Target(ReadOnlySpan<SchemaResource> scope)
    {
        foreach (SchemaResource resource in scope)
        {
            if (resource.DynamicNodes.TryGetValue(anchor, out SchemaNode? node))
            {
                return node;
            }
        }
        return initial;
    }
}
