using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping.Inference;
using Scriban;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>Exactly one <c>{{ expression }}</c>: its value keeps its JSON type.</summary>
internal sealed class TemplateExpression(CheckedTemplate template, ScriptExpression expression) : MappedValue
{
    private readonly TemplatePath? _path = TemplatePath.From(expression, template.Roots);

    public override Shape Infer(Reading reading) => new TemplateReading(reading, template).ReadExpression(expression);

    public override JsonNode? Evaluate(Evaluation evaluation)
    {
        try
        {
            // Most expressions only copy: straight from JSON they cost little and numbers keep every digit.
            if (_path?.Find(evaluation) is { } found)
            {
                return evaluation.Copy(found);
            }
            TemplateContext context = TemplateSandbox.Create(template, evaluation);
            return TemplateValues.ToJson(template.Template.Evaluate(context), evaluation);
        }
        catch (Exception e) when (!evaluation.CancellationToken.IsCancellationRequested)
        {
            throw TemplateFailure.From(e, template.Source);
        }
        catch (ScriptAbortException e)
        {
            throw new OperationCanceledException("The mapping was cancelled.", e, evaluation.CancellationToken);
        }
    }
}
