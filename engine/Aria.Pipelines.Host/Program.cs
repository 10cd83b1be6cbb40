using System.CommandLine;
using Aria.Pipelines.Host.Verbs;

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
    TestVerb.Create(),
    SendVerb.Create(),
    RunsVerb.Create(),
    PollVerb.Create(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }
    await Console.Error.WriteLineAsync("Try 'aria --help', or 'aria <verb> --help'.");
    return ExitCode.WrongUsage;
}
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
