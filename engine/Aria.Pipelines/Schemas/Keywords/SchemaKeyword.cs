using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>One compiled keyword, or a few that only make sense together.</summary>
/// <param name="location">Where the keyword stands, for findings.</param>
internal abstract class SchemaKeyword(string location)
{
    /// <summary>JSON pointer of the keyword, after the URI of its document where that is not the compiled one.</summary>
    public string Location { get; } = location;

    /// <summary>True when it looks at what the other keywords of its schema have left.</summary>
    public virtual bool LooksAtRest => false;

    /// <summary>Checks a value of any kind; values of kinds it is not about fit.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="run">Takes the findings, if it wants them.</param>
    /// <param name="coverage">Takes what was looked at; null when nobody asks.</param>
    public abstract bool Check(JsonElement instance, Evaluation run, Coverage? coverage);
}
