namespace Aria.Pipelines.Mapping;

/// <summary>Codes of findings about mappings: <c>ARIA50xx</c> when they are compiled, words in snake_case when they run.</summary>
internal static class MappingCodes
{
    /// <summary>A script (Jint) that cannot be parsed.</summary>
    public const string ScriptSyntax = "ARIA5001";

    /// <summary>A template (Scriban) that cannot be parsed.</summary>
    public const string TemplateSyntax = "ARIA5002";

    /// <summary>A script or template uses a name that is neither a root, nor its own variable, nor a function of the language.</summary>
    public const string UnknownName = "ARIA5003";

    /// <summary>A property that begins with <c>$</c> and is none of <c>$js</c>, <c>$file</c>, <c>$literal</c>.</summary>
    public const string UnknownKeyword = "ARIA5004";

    /// <summary><c>$js</c>, <c>$file</c> or <c>$literal</c> beside other properties.</summary>
    public const string KeywordNotAlone = "ARIA5005";

    /// <summary>A <c>$file</c> whose ending says no kind of mapping.</summary>
    public const string FileEnding = "ARIA5006";

    /// <summary><c>too_large</c>: a mapping file, script or template over 100 kB.</summary>
    public const string TooLarge = "ARIA5007";

    /// <summary>A <c>$file</c> that leads back to itself.</summary>
    public const string FileCycle = "ARIA5008";

    /// <summary>Something of the language that mappings do not have: clock, randomness, BigInt, asynchronous code, include.</summary>
    public const string NotAvailable = "ARIA5009";

    /// <summary>A script body that never returns a value.</summary>
    public const string NoReturn = "ARIA5010";

    /// <summary>A mapping file that is not UTF-8 text.</summary>
    public const string NotText = "ARIA5011";

    /// <summary>The script ran more statements than allowed.</summary>
    public const string ScriptStatements = "script_statements";

    /// <summary>The script called itself too deeply.</summary>
    public const string ScriptRecursion = "script_recursion";

    /// <summary>The script allocated more memory than allowed, or made too long an array or string.</summary>
    public const string ScriptMemory = "script_memory";

    /// <summary>A regular expression, in a script or a template, took too long.</summary>
    public const string RegexTimeout = "script_regex_timeout";

    /// <summary>The script would have exhausted the stack of the host.</summary>
    public const string ScriptStack = "script_stack";

    /// <summary>The script or template took too long, or the evaluation was cancelled by a deadline of its own.</summary>
    public const string ScriptTimeout = "script_timeout";

    /// <summary>The script threw, or its result cannot become JSON.</summary>
    public const string ScriptError = "script_error";

    /// <summary>The template failed: a member that does not exist, null where a value is needed, a wrong argument.</summary>
    public const string TemplateError = "template_error";

    /// <summary>The template went over a limit on loops, recursion, text length or depth.</summary>
    public const string TemplateLimit = "template_limit";

    /// <summary>A number that cannot be represented, for example 1e400 or the result of a division by zero.</summary>
    public const string NumberOutOfRange = "number_out_of_range";

    /// <summary>The JSON made is larger than 1 MiB.</summary>
    public const string ResultTooLarge = "result_too_large";

    /// <summary>Anything else that went wrong while mapping.</summary>
    public const string MappingFailed = "mapping_failed";
}
