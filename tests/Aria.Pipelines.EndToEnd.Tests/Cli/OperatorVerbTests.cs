using System.Net.Sockets;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Verbs;

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
    [InlineData("Option '--query' without another one would replay every run that has ended. Narrow it with --pipeline, --state, --code, --connection, --since or --until, or say --all.", "replay", "--query")]
    [InlineData("Option '--all' replays every run that has ended: leave it out, or the options that narrow the choice.", "replay", "--query", "--all", "--code", "once")]
    [InlineData("Option '--max' takes a whole number, 1 or more.", "runs", "--max", "-1")]
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
    public async Task Help_OfAVerbBelowAnother_ShowsItsOwnArgumentsAlone()
    {
        (_, string output, _) = await AriaProcess.RunAsync("runs", "cancel", "--help");

        output.ShouldContain("aria runs cancel <run> [options]");
        (await AriaProcess.RunAsync("runs", "--help")).Output.ShouldContain("aria runs [<run>] [command] [options]");
    }

    [Fact]
    public void Verb_HostOfAnotherUser_IsNotTakenForNone()
    {
        var denied = new HttpRequestException("", new SocketException((int)SocketError.AccessDenied));

        RunningHost.NoAnswer("/srv/aria data", denied).ShouldBe(
            $"The user '{Environment.UserName}' may not speak to the host on the data folder '/srv/aria data': it belongs to another user. Run the command as the user who runs the host.");
        RunningHost.NoAnswer("/srv/aria data", new HttpRequestException()).ShouldBe(
            "No host runs on the data folder '/srv/aria data'. Start one with 'aria run --data '/srv/aria data''.");
    }

    [Fact]
    public void Send_TwiceWithinAMinute_SaysThatNothingNewWasStarted()
    {
        SendVerb.Said(new JsonObject { ["event"] = "E1", ["duplicate"] = true }, "").ShouldBe("Already sent this minute as event E1; nothing new was started. Wait a minute to send it again.");
        SendVerb.Said(new JsonObject { ["event"] = "E1", ["duplicate"] = false }, " --data d").ShouldBe("Accepted as event E1; see 'aria runs --data d'.");
    }

    [Fact]
    public async Task Doctor_NothingThere_SaysSo()
    {
        var secrets = new Dictionary<string, string> { ["ARIA_SECRET_PRODUCTION_MASTER_KEY"] = Convert.ToBase64String(new byte[32].Select(_ => (byte)9).ToArray()) };

        (int code, _, string errors) = await AriaProcess.RunAsync(secrets, "doctor", "--invariants", "--data", "/nowhere");

        (code, errors.Trim()).ShouldBe((1, "There is no store '/nowhere/aria.db'."));
    }
}
