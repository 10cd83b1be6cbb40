using System.CommandLine;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Host.Verbs;
using Aria.Pipelines.Mapping.Scripts;

var verbose = new Option<bool>("--verbose") { Description = "Show where an unexpected error came from", Recursive = true };
var root = new RootCommand("Aria.Pipelines: integration pipelines between applicant tracking systems and ARIA")
{
    RunVerb.Create(),
    DemoVerb.Create(),
    SandboxVerb.Create(),
    LintVerb.Create(),
    PlanVerb.Create(),
    ExplainVerb.Create(),
    MapVerb.Create(),
    NewVerb.Create(),
    SchemaVerb.Create(),
    ConnectorVerb.Create(),
    TestVerb.Create(),
    SendVerb.Create(),
    RunsVerb.Create(),
    PollVerb.Create(),
    EventsVerb.Create(),
    ReplayVerb.Create(),
    ResolveVerb.Create(),
    DoctorVerb.Create(),
    AuditVerb.Create(),
};
root.Options.Add(verbose);
ParseResult parsed = root.Parse(args);
for (System.CommandLine.Parsing.SymbolResult? above = parsed.CommandResult.Parent; above is System.CommandLine.Parsing.CommandResult verb; above = above.Parent)
{
    foreach (Argument argument in verb.Command.Arguments)
    {
        // What the verb above takes is no part of how this one is written.
        argument.Hidden = true;
    }
}
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }
    await Console.Error.WriteLineAsync("Try 'aria --help', or 'aria <verb> --help'.");
    return ExitCode.WrongUsage;
}
ScriptEngineStart.Load();
try
{
    // A host that is asked to stop finishes what is under way, for up to 30 s; the library would end the process after two.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
}
catch (OperationCanceledException)
{
    return ExitCode.Failure;
}
catch (Exception e)
{
    Terminal.Fail(parsed.GetValue(verbose) ? e.ToString() : $"aria failed: {e.Message} Add --verbose to see where.");
    return ExitCode.Failure;
}
