using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Mapping;

/// <summary>A whole compiled mapping; turns every failure into a <see cref="MappingException"/>.</summary>
internal sealed class RootedMapping(MappedValue root, SourcePosition at) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var evaluation = new Evaluation(values, cancellationToken);
        try
        {
            return root.Evaluate(evaluation);
        }
        catch (MappingException)
        {
            throw;
        }
        catch (MappingLimitException e)
        {
            throw Failed(e.Code, e.Message, e.Detail, at, e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(MappingCodes.MappingFailed, "The mapping failed.", e.Message, at, e);
        }
    }

    public override Shape Infer(Reading reading) => root.Infer(reading);

    public static MappingException Failed(string code, string summary, string detail, SourcePosition at, Exception? inner) =>
        new(new Diagnostic(code, DiagnosticSeverity.Error, summary, detail, at.File, at.Line, at.Column, DiagnosticFault.Author), inner);
}
