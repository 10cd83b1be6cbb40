using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>A new pipeline is good at once: written, linted, tested and planned, as a newcomer does it.</summary>
public sealed class NewPipelineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-new-");

    public NewPipelineTests()
    {
        Directory.CreateDirectory(Path.Combine(Workspace, "connections"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Pipelines, "connections")))
        {
            File.Copy(file, Path.Combine(Workspace, "connections", Path.GetFileName(file)));
        }
    }

    private string Workspace => Path.Combine(_folder.FullName, "pipelines");

    private string Schemas => Path.Combine(_folder.FullName, "schemas");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task NewPipeline_OptionsGiven_LintsTestsAndPlansAtOnce()
    {
        Directory.CreateDirectory(Schemas);

        (int code, string output, string errors) = await AriaProcess.RunAsync(
            "new", "pipeline", "screen", "--ats", "greenhouse", "--trigger", "stage", "--trigger", "manual", "--stage", "Phone Screen", "--job", "4056310", "--kit", "kit_1", "--workspace", Workspace, "--schemas", Schemas);

        (code, errors).ShouldBe((0, ""), output);
        output.ShouldContain("coverage screen: 100 %");
        await HoldsAsync("screen", ["already-invited", "aria-refuses", "completed", "completed-manual", "no-show", "other-stage", "outside-rollout", "still-waiting", "timed-out"]);
        await PlansAsync("screen", "candidate_stage_change.json", "plan_skipped");
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Workspace, "screen/cases/completed.json"), TestContext.Current.CancellationToken))!["$schema"]!.GetValue<string>()
            .ShouldBe("../../../schemas/case.schema.json");
        File.Exists(Path.Combine(Schemas, "case.schema.json")).ShouldBeTrue();
    }

    /// <summary>What is asked for, and completed by a read whose answer has to agree.</summary>
    [Fact]
    public async Task NewPipeline_SystemWhoseEventsAreCompletedByReads_HasCasesThatHold()
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync(
            "new", "pipeline", "screen", "--ats", "bamboohr", "--trigger", "stage", "--stage", "Second Interview", "--job", "4056310", "--kit", "kit_1", "--workspace", Workspace, "--schemas", Schemas);

        (code, errors).ShouldBe((0, ""), output);
        output.ShouldContain("Wrote 8 cases");
        output.ShouldContain("coverage screen: 100 %");
        output.ShouldContain("8 cases, 0 failed");
    }

    /// <summary>Values of reads that no answer is turned into, reads that share an address, an id in base64, and a certificate. The second application is another event by a token or an id of its own, and has answers of its own.</summary>
    [Theory]
    [InlineData("lever")]
    [InlineData("workday")]
    [InlineData("adp")]
    public async Task NewPipeline_SystemWhoseEventsAreIds_HasACaseOfTheSecondApplication(string ats)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync(
            "new", "pipeline", "screen", "--ats", ats, "--trigger", "stage", "--stage", "Second Interview", "--kit", "kit_1", "--workspace", Workspace, "--schemas", Schemas);

        (code, errors).ShouldBe((0, ""), output);
        output.ShouldContain("7 cases, 0 failed");
        File.Exists(Path.Combine(Workspace, "screen/cases/already-invited.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task NewPipeline_QuestionsAnsweredOnStandardInput_LintsTestsAndPlansAtOnce()
    {
        (int code, string output, string errors) = await AriaProcess.AnswerAsync("aplication\napplication\nkit_2\n", "new", "pipeline", "hello", "--ats", "greenhouse", "--ask", "--workspace", Workspace, "--schemas", Schemas);

        code.ShouldBe(0, output + errors);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["What starts it (stage, application, manual):", "'aplication' is none of them.", "What starts it (stage, application, manual):", "Interview kit:"]);
        await HoldsAsync("hello", ["already-invited", "aria-refuses", "completed", "no-show", "still-waiting", "timed-out"]);
        await PlansAsync("hello", "new_candidate_application.json", null);
    }

    [Fact]
    public async Task NewPipeline_AnswersEnd_SaysWhatIsMissing()
    {
        (int code, _, string errors) = await AriaProcess.AnswerAsync("stage\nPhone Screen\n", "new", "pipeline", "hello", "--ats", "greenhouse", "--ask", "--workspace", Workspace, "--schemas", Schemas);

        code.ShouldBe(2);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].ShouldBe("Missing: --kit (an interview kit of ARIA).");
        Directory.Exists(Path.Combine(Workspace, "hello")).ShouldBeFalse();
    }

    private async Task HoldsAsync(string pipeline, string[] cases)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("lint", "--workspace", Workspace);
        (code, errors).ShouldBe((0, ""), output);
        (code, output, errors) = await AriaProcess.RunAsync("test", Workspace, "--threshold", "100", "--json");
        code.ShouldBe(0, output + errors);
        JsonNode result = JsonNode.Parse(output)!;
        result["cases"]!.AsArray().Select(c => (string)c!["name"]!).ShouldBe(cases);
        ((string)result["coverage"]![0]!["pipeline"]!, (double)result["coverage"]![0]!["percent"]!).ShouldBe((pipeline, 100));
    }

    private async Task PlansAsync(string pipeline, string sample, string? note)
    {
        (int code, string output, string errors) = await AriaProcess.RunAsync("plan", pipeline, "--event", $"plugins/Greenhouse/samples/{sample}", "--workspace", Workspace, "--json");

        code.ShouldBe(0, errors);
        JsonObject plan = JsonNode.Parse(output)!.AsObject();
        plan["steps"]!.AsArray().Select(s => (string)s!["id"]!).ShouldBe(["invite", "pending", "wait", "details", "write"]);
        plan["diagnostics"]!.AsArray().Any(d => (string)d!["code"]! == "plan_skipped").ShouldBe(note is not null);
    }
}
