using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>.</summary>
/// <param name="location">Of <c>additionalProperties</c>.</param>
/// <param name="declared">The schemas of <c>properties</c>.</param>
/// <param name="patterns">The schemas of <c>patternProperties</c>.</param>
/// <param name="additional">The schema of all others, null when anything goes.</param>
internal sealed class PropertiesKeyword(
    string location, PropertyTable declared, (Regex Pattern, SchemaNode Node)[] patterns, SchemaNode? additional) : SchemaKeyword(location)
{
    private const int LongestNamed = 100;

    /// <summary>A property's name for a message, cut where a sender made it absurdly long.</summary>
    public static string Shorten(string name) => name.Length > LongestNamed ? $"{name[..LongestNamed]}…" : name;

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        bool fits = true;
        int index = 0;
        foreach (JsonProperty property in instance.EnumerateObject())
        {
            fits &= Check(property, run, out bool looked);
            if (!fits && !run.Reports)
            {
                return false;
            }
            if (looked)
            {
                coverage?.Mark(index);
            }
            index++;
        }
        return fits;
    }

    private bool Check(JsonProperty property, Evaluation run, out bool looked)
    {
        bool fits = true;
        looked = declared.TryFind(property, out SchemaNode? node);
        if (looked)
        {
            fits = run.CheckProperty(node!, property);
        }
        foreach ((Regex pattern, SchemaNode patterned) in patterns)
        {
            if (run.Matches(pattern, property.Name, patterned.Place.Location))
            {
                looked = true;
                fits &= run.CheckProperty(patterned, property);
            }
        }
        if (looked || additional is null)
        {
            return fits;
        }
        looked = true;
        return additional.AllowsNothing ? Unknown(property, run) : run.CheckProperty(additional, property);
    }

    private bool Unknown(JsonProperty property, Evaluation run)
    {
        if (!run.Reports)
        {
            return false;
        }
        string name = Shorten(property.Name);
        return run.FailAt(property.Name, Location, $"'{name}' is not known. {Suggestion.For(name, declared.Names)}".TrimEnd());
    }
}
