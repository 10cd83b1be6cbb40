using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>How operators' verbs are used, and what they say when nobody can answer.</summary>
public sealed class OperatorVerbTests
{
    [Theory]
    [InlineData("Say what happened: --done, or --send-again.", "resolve", "x")]
    [InlineData("Say what happened: --done, or --send-again.", "resolve", "x", "--done", "--send-again")]
    [InlineData("Option '--output' takes JSON, for example '{\"interview_id\":\"int_1\"}'.", "resolve", "x", "--done", "--output", "{nope")]
    [InlineData("Option '--output' belongs to --done: what is sent again answers by itself.", "resolve", "x", "--send-again", "--output", "{}")]
    [InlineData("Say what to replay: an event or a run, or one of --failed, --query, --quarantined and --unmatched.", "replay")]
    [InlineData("Say what to replay: an event or a run, or one of --failed, --query, --quarantined and --unmatched.", "replay", "x", "--failed")]
    [InlineData("'soon' is not a time. Write it like 2026-09-01 or 2026-09-01T08:00:00Z.", "replay", "--query", "--since", "soon")]
    [InlineData("Say what to examine: --invariants.", "doctor")]
    public async Task Verb_UsedWrongly_SaysHowAndEndsWith2(string message, params string[] arguments)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync(arguments);

        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith(message);
    }

    [Fact]
    public async Task Replay_ForcedWithoutATerminal_AsksForYes()
    {
        (int code, _, string errors) = await AriaProcess.RunAsync("replay", "x", "--force", "--data", "/nowhere");

        (code, errors.Trim()).ShouldBe((1, "A forced replay sends confirmed effects again. Look with --preview, then add --yes."));
    }

    [Fact]
    public async Task Verb_NoHost_SaysHowToStartOne()
    {
        (int code, _, string errors) = await AriaProcess.RunAsync("audit", "verify", "--data", "/nowhere");

        (code, errors.Trim()).ShouldBe((1, "No host runs on the data folder '/nowhere'. Start one with 'aria run --data /nowhere'."));
    }

    [Fact]
    public async Task Doctor_NothingThere_SaysSo()
    {
        var secrets = new Dictionary<string, string> { ["ARIA_SECRET_PRODUCTION_MASTER_KEY"] = Convert.ToBase64String(new byte[32].Select(_ => (byte)9).ToArray()) };

        (int code, _, string errors) = await AriaProcess.RunAsync(secrets, "doctor", "--invariants", "--data", "/nowhere");

        (code, errors.Trim()).ShouldBe((1, "There is no store '/nowhere/aria.db'."));
    }
}
