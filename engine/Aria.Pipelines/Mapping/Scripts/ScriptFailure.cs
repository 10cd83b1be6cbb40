using System.Text.RegularExpressions;
using Aria.Pipelines.Definitions;
using Jint.Runtime;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>Turns what Jint throws into a finding with our code and the author's line and column.</summary>
internal static class ScriptFailure
{
    /// <param name="failure">What the engine, or a function of ours in it, threw.</param>
    /// <param name="at">Maps a 1-based line and 0-based column of the parsed script to the author's file.</param>
    public static MappingException From(Exception failure, Func<int, int, SourcePosition> at)
    {
        SourcePosition start = at(1, 0);
        return failure switch
        {
            JavaScriptException e => Thrown(e, at),
            MappingLimitException e => RootedMapping.Failed(e.Code, e.Message, e.Detail, start, e),
            StatementsCountOverflowException => Limit(MappingCodes.ScriptStatements, $"The script ran more than {MappingLimits.ScriptStatements} statements.", start, failure),
            RecursionDepthOverflowException => Limit(MappingCodes.ScriptRecursion, $"The script called itself more than {MappingLimits.ScriptRecursion} levels deep.", start, failure),
            MemoryLimitExceededException or OutOfMemoryException => Limit(MappingCodes.ScriptMemory, "The script used more memory than a mapping may.", start, failure),
            RegexMatchTimeoutException => Limit(MappingCodes.RegexTimeout, $"A regular expression took longer than {MappingLimits.Regex.TotalMilliseconds} ms.", start, failure),
            InsufficientExecutionStackException => Limit(MappingCodes.ScriptStack, "The script nests values or calls too deeply.", start, failure),
            TimeoutException => Limit(MappingCodes.ScriptTimeout, $"The script took longer than {MappingLimits.Time.TotalSeconds} s.", start, failure),
            _ => RootedMapping.Failed(MappingCodes.ScriptError, "The script failed.", failure.Message, start, failure),
        };
    }

    private static MappingException Thrown(JavaScriptException failure, Func<int, int, SourcePosition> at)
    {
        SourcePosition place = failure.Location.Start.Line > 0 ? at(failure.Location.Start.Line, failure.Location.Start.Column) : at(1, 0);
        if (failure.Message == "Maximum call stack size exceeded")
        {
            return Limit(MappingCodes.ScriptStack, "The script nests values or calls too deeply.", place, failure);
        }
        bool tooLong = failure.Message is "Invalid string length" or "Invalid array length";
        string code = tooLong ? MappingCodes.ScriptMemory : MappingCodes.ScriptError;
        return RootedMapping.Failed(code, tooLong ? "The script makes too long a text or list." : "The script failed.", failure.Message, place, failure);
    }

    private static MappingException Limit(string code, string summary, SourcePosition at, Exception inner) =>
        RootedMapping.Failed(code, summary, "Look for a loop or recursion that does not end, or do the work in smaller parts.", at, inner);
}
