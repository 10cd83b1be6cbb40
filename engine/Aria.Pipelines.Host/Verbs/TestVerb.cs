using System.CommandLine;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Host.Verbs;

/// <summary><c>aria test</c>: the cases beside the pipelines, without network, secrets and waiting.</summary>
internal sealed class TestVerb
{
    private readonly CommonOptions _common = new();
    private readonly Argument<string[]> _what = new("what") { Description = "A workspace folder, pipelines, or files of cases; everything when not given", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _update = new("--update") { Description = "Write what happens now into cases that expect something else" };
    private readonly Option<bool> _watch = new("--watch") { Description = "Play them again whenever a file changes, until stopped" };
    private readonly Option<double> _threshold = new("--threshold") { Description = "Percent of each pipeline that its cases must reach", DefaultValueFactory = _ => 0 };
    private readonly Option<string?> _junit = new("--junit") { Description = "File to write the result to, in JUnit's XML" };

    public static Command Create()
    {
        var verb = new TestVerb();
        Command command = CommonOptions.AddTo(
            new Command("test", "Play the cases of pipelines: offline, on a clock of their own"),
            verb._common.Workspace, verb._common.Plugins, verb._common.Environment, verb._update, verb._watch, verb._threshold, verb._junit, verb._common.Json);
        command.Arguments.Add(verb._what);
        command.Subcommands.Add(RecordVerb.Create());
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(verb._watch) ? verb.WatchAsync(parsed, cancellationToken) : verb.RunAsync(parsed, cancellationToken));
        return command;
    }

    private async Task<int> WatchAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TestScope scope = Scope(parsed);
        if (!Directory.Exists(scope.Engine.Workspace) || !Directory.Exists(scope.Engine.Plugins))
        {
            return await RunAsync(parsed, cancellationToken);
        }
        using var watch = new FolderWatch(TimeProvider.System, scope.Engine.Workspace, scope.Engine.Plugins);
        int last = ExitCode.Good;
        try
        {
            while (true)
            {
                last = await RunAsync(parsed, cancellationToken);
                Terminal.Fail("Watching; stop with Ctrl+C.");
                IReadOnlyCollection<string> changed = await watch.NextAsync(cancellationToken);
                Terminal.Fail($"Changed: {string.Join(", ", changed.Select(c => Path.GetRelativePath(Environment.CurrentDirectory, c)))}");
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return last;
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TestScope scope = Scope(parsed);
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(scope.Engine, new MappingCompiler());
        using (installed)
        {
            if (workspace.HasErrors)
            {
                Terminal.Write(workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error));
                Terminal.Fail("Cases are not played with errors in definitions.");
                return ExitCode.Failure;
            }
            if (scope.Unknown(workspace) is { } unknown)
            {
                Terminal.Fail(unknown);
                return ExitCode.Failure;
            }
            var suite = new CaseSuite(workspace, scope.Engine.Workspace, scope.Engine.Workspace.Replace('\\', '/').TrimEnd('/'));
            SuiteResult result = await suite.RunAsync(scope.Only, cancellationToken);
            if (parsed.GetValue(_update) && suite.Renew(result) is { Count: > 0 } renewed)
            {
                Terminal.Fail($"Rewritten, read them before you keep them:\n  {string.Join("\n  ", renewed.Select(c => c.File))}");
                result = await suite.RunAsync(scope.Only, cancellationToken);
            }
            return Report(parsed, result);
        }
    }

    private int Report(ParseResult parsed, SuiteResult result)
    {
        if (parsed.GetValue(_common.Json))
        {
            Console.WriteLine(HostJson.Pretty(TestJson.Of(result)));
        }
        else
        {
            TestOutput.Write(result);
        }
        if (parsed.GetValue(_junit) is { } file)
        {
            JUnitReport.Write(result, file);
        }
        string[] tooLittle = [.. TestOutput.TooLittle(result, parsed.GetValue(_threshold))];
        foreach (string sentence in tooLittle)
        {
            Terminal.Fail(sentence);
        }
        return result.Failed == 0 && tooLittle.Length == 0 ? ExitCode.Good : ExitCode.Failure;
    }

    private TestScope Scope(ParseResult parsed) => TestScope.Of(_common.Engine(parsed), parsed.GetValue(_what) ?? []);
}
