using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping.Inference;
using Scriban;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A template that makes a text; null renders as nothing.</summary>
internal sealed class TemplateText(CheckedTemplate template) : MappedValue
{
    private readonly TemplatePieces? _pieces = TemplatePieces.From(template);

    public override Shape Infer(Reading reading) => new TemplateReading(reading, template).ReadText();

    public override JsonNode? Evaluate(Evaluation evaluation)
    {
        try
        {
            if (_pieces?.Write(evaluation) is { } text)
            {
                return evaluation.Text(text);
            }
            TemplateContext context = TemplateSandbox.Create(template, evaluation);
            return evaluation.Text(template.Template.Render(context));
        }
        catch (Exception e) when (!evaluation.CancellationToken.IsCancellationRequested)
        {
            throw TemplateFailure.From(e, template.Source);
        }
        catch (Scriban.Syntax.ScriptAbortException e)
        {
            throw new OperationCanceledException("The mapping was cancelled.", e, evaluation.CancellationToken);
        }
    }
}
