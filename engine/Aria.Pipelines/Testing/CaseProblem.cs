using System.Globalization;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Testing;

/// <summary>Words for what is wrong with a case, with the place in its file.</summary>
internal static class CaseProblem
{
    /// <summary>A connection is called by a name that the pipeline does not have; cases use the pipeline's own names.</summary>
    public static string UnknownAlias(Pipeline pipeline, string alias, SourcePosition at) =>
        pipeline.Connections.FirstOrDefault(c => c.Value.Id == alias).Key is { } called
            ? $"{Place(at)}'{alias}' is called '{called}' in this pipeline."
            : $"{Place(at)}'{alias}' is not one of the pipeline's connections. {Suggestion.For(alias, [.. pipeline.Connections.Keys])}";

    /// <summary>A place, as findings begin with it.</summary>
    public static string Place(SourcePosition at) => string.Create(CultureInfo.InvariantCulture, $"{at.File}({at.Line ?? 1},{at.Column ?? 1}): ");
}
