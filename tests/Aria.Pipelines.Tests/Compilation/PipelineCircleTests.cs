namespace Aria.Pipelines.Tests.Compilation;

/// <summary>Pipelines that start one another in a circle.</summary>
public sealed class PipelineCircleTests
{
    private const string Mend = "Give one of these triggers a 'when' that leaves such events out, or claim the subject with 'once' in one of these pipelines.";
    private const string Both = """{ "ats": "greenhouse", "other": "other" }""";
    private const string Written = """{ "id": "write", "action": "other.interview.write", "with": { "application_id": "{{ event.application.id }}", "status": "pending" } }""";

    [Fact]
    public void Circle_OfTwo_IsOneFindingAtTheFirstAction()
    {
        using var folder = new WorkspaceFolder();
        folder.With("back/pipeline.json", Move("stage_changed")).With("forth/pipeline.json", Move("stage_changed"));

        string[] circles = Circles(folder);

        circles.ShouldBe([
            "pipelines/back/pipeline.json(4,39): warning ARIA2114: Action 'ats.stage.move' causes the event 'ats.application.stage_changed', which starts pipeline 'forth', "
                + $"whose action 'ats.stage.move' causes the event 'ats.application.stage_changed', which starts this pipeline again. {Mend}"]);
    }

    [Fact]
    public void Circle_OfThree_NamesTheWholeWayRound()
    {
        using var folder = new WorkspaceFolder();
        folder.With("connections/other.json", WorkspaceFolder.Greenhouse)
            .With("c/pipeline.json", Pipeline("""{ "on": "other.application.updated" }""", Stage(""), Both))
            .With("a/pipeline.json", Pipeline("""{ "on": "ats.application.stage_changed" }""", Stage("", "other"), Both))
            .With("b/pipeline.json", Pipeline("""{ "on": "other.application.stage_changed" }""", Written, """{ "other": "other" }"""));

        string circle = Circles(folder).ShouldHaveSingleItem();

        circle.ShouldStartWith("pipelines/a/pipeline.json(");
        circle.ShouldContain(
            "Action 'other.stage.move' causes the event 'other.application.stage_changed', which starts pipeline 'b', "
                + "whose action 'other.interview.write' causes the event 'other.application.updated', which starts pipeline 'c', "
                + "whose action 'ats.stage.move' causes the event 'ats.application.stage_changed', which starts this pipeline again.");
    }

    [Fact]
    public void Circles_ThatShareAPipeline_AreAFindingEach()
    {
        using var folder = new WorkspaceFolder();
        folder.With("b/pipeline.json", Move("stage_changed")).With("a/pipeline.json", Move("stage_changed")).With("c/pipeline.json", Move("stage_changed"));

        Circles(folder).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{ "on": "ats.application.stage_changed", "when": "event.application.stage?.name === 'Offer'" }""", "")]
    [InlineData("""{ "on": "ats.application.stage_changed" }""", """, "when": "event.application.stage?.name === 'Offer'" """)]
    [InlineData("""{ "on": "ats.application.stage_changed" }""", """, "once": { "key": ["{{ event.application.id }}"], "within": "30d", "scope": "move" }""")]
    [InlineData("""{ "on": "ats.application.hired" }""", "")]
    public void Circle_ThatAConditionOrAClaimEnds_IsNone(string trigger, string more)
    {
        using var folder = new WorkspaceFolder();
        folder.With("back/pipeline.json", Move("stage_changed")).With("forth/pipeline.json", Pipeline(trigger, Stage(more)));

        Circles(folder).ShouldBeEmpty();
    }

    [Fact]
    public void Circle_OfAnotherAccount_IsNone()
    {
        using var folder = new WorkspaceFolder();
        folder.With("connections/other.json", WorkspaceFolder.Greenhouse).With("back/pipeline.json", Move("stage_changed"))
            .With("forth/pipeline.json", Move("stage_changed").Replace("\"greenhouse\"", "\"other\"", StringComparison.Ordinal));

        Circles(folder).ShouldBeEmpty();
    }

    /// <summary>What is found of several pipelines; each that starts itself is found beside it.</summary>
    private static string[] Circles(WorkspaceFolder folder)
    {
        string[] findings = folder.Findings();
        findings.ShouldAllBe(f => f.Contains("ARIA2114", StringComparison.Ordinal));
        return [.. findings.Where(f => f.Contains("which starts pipeline", StringComparison.Ordinal))];
    }

    private static string Move(string on) => Pipeline($$"""{ "on": "ats.application.{{on}}" }""", Stage(""));

    private static string Stage(string more, string account = "ats") =>
        $$$"""{ "id": "move", "action": "{{{account}}}.stage.move", "with": { "application_id": "{{ event.application.id }}", "stage_id": "Offer" }{{{more}}} }""";

    private static string Pipeline(string trigger, string step, string connections = """{ "ats": "greenhouse" }""") => $$"""
        {
          "connections": {{connections}},
          "triggers": [{{trigger}}],
          "steps": [{{step}}]
        }
        """;
}
