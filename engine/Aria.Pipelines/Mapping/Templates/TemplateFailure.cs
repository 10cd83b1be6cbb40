using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Scriban.Syntax;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>Turns what Scriban throws into a finding with our code and the author's line and column.</summary>
internal static class TemplateFailure
{
    // Scriban has one exception type for everything; its limits can only be told apart by these words.
    private static readonly string[] LimitWords =
        ["LoopLimit", "iteration limit", "recursive depth limit", "LimitToString", "OutputLimit", "too deeply nested", "object cycle", "maximum supported", "limit"];

    // Inside operators Scriban drops the exception of .NET and keeps only its message.
    private static readonly string[] ArithmeticWords = ["Attempted to divide by zero", "too large or too small"];

    public static MappingException From(Exception failure, SourceText source)
    {
        var runtime = failure as ScriptRuntimeException;
        SourcePosition at = runtime is null ? source.Start : source.At(runtime.Span.Start.Offset);
        if (Inner<MappingLimitException>(failure) is { } ours)
        {
            return RootedMapping.Failed(ours.Code, ours.Message, ours.Detail, at, failure);
        }
        if (failure is ScriptAbortException || Inner<OperationCanceledException>(failure) is not null)
        {
            return RootedMapping.Failed(MappingCodes.ScriptTimeout, $"The templates took longer than {MappingLimits.Time.TotalSeconds} s.", "Look for loops inside loops.", at, failure);
        }
        if (Inner<RegexMatchTimeoutException>(failure) is not null)
        {
            return RootedMapping.Failed(MappingCodes.RegexTimeout, $"A regular expression took longer than {MappingLimits.Regex.TotalMilliseconds} ms.", "Avoid repetitions inside repetitions.", at, failure);
        }
        if (Inner<InsufficientExecutionStackException>(failure) is not null)
        {
            return RootedMapping.Failed(MappingCodes.ScriptStack, "The template nests values or calls too deeply.", "", at, failure);
        }
        string message = runtime?.OriginalMessage ?? failure.Message;
        if (Inner<ArithmeticException>(failure) is not null || Array.Exists(ArithmeticWords, w => message.Contains(w, StringComparison.Ordinal)))
        {
            return RootedMapping.Failed(MappingCodes.NumberOutOfRange, "A number in the template is out of range.", message, at, failure);
        }
        if (message.Contains("readonly", StringComparison.OrdinalIgnoreCase))
        {
            return RootedMapping.Failed(MappingCodes.TemplateError, "The template changes something it may only read.", "Input and builtin functions cannot be changed: assign to a variable of your own.", at, failure);
        }
        bool limit = Array.Exists(LimitWords, w => message.Contains(w, StringComparison.OrdinalIgnoreCase));
        return RootedMapping.Failed(limit ? MappingCodes.TemplateLimit : MappingCodes.TemplateError, limit ? "The template went over a limit." : "The template failed.", message, at, failure);
    }

    private static T? Inner<T>(Exception? failure) where T : Exception
    {
        while (failure is not null and not T)
        {
            failure = failure.InnerException;
        }
        return failure as T;
    }
}
