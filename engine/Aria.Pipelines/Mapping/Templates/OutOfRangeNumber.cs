using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A JSON number such as 1e400: it can be copied into the result, every other use fails with <c>number_out_of_range</c>.</summary>
internal sealed class OutOfRangeNumber(string digits) : IFormattable, IScriptCustomBinaryOperation, IScriptCustomUnaryOperation, IScriptConvertibleTo
{
    public string Digits { get; } = digits;

    public string ToString(string? format, IFormatProvider? formatProvider) => throw MappingLimitException.NumberOutOfRange(Digits);

    public bool TryEvaluate(TemplateContext context, SourceSpan span, ScriptBinaryOperator op, SourceSpan leftSpan, object? leftValue, SourceSpan rightSpan, object? rightValue, out object? result) =>
        throw Failure(span);

    public bool TryEvaluate(TemplateContext context, SourceSpan span, ScriptUnaryOperator op, object rightValue, out object result) =>
        throw Failure(span);

    public bool TryConvertTo(TemplateContext context, SourceSpan span, Type type, out object value) => throw Failure(span);

    // Scriban keeps the cause only of exceptions of its own type.
    private ScriptRuntimeException Failure(SourceSpan span)
    {
        MappingLimitException cause = MappingLimitException.NumberOutOfRange(Digits);
        return new ScriptRuntimeException(span, cause.Message, cause);
    }
}
