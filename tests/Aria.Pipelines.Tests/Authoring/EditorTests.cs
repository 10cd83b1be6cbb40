namespace Aria.Pipelines.Tests.Authoring;

/// <summary>The schemas in a real editor service: what it proposes, and where it shows mistakes.</summary>
public sealed class EditorTests
{
    private const string Pipeline = "pipelines/invite-by-stage/pipeline.json";
    private const string Connection = "pipelines/connections/greenhouse.json";
    private const string Case = "pipelines/invite-by-stage/cases/timed-out.json";
    private const string Connector = "plugins/Sample/connector.json";

    [Theory]
    [MemberData(nameof(GeneratedSchemaTests.Definitions), MemberType = typeof(GeneratedSchemaTests))]
    public async Task ShippedFile_InAnEditor_HasNoProblems(string file)
    {
        (await Editor.ShowAsync(file, Shipped.Read(file))).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"aria.interview.get\"", "\"¦\"", "\"aria.interview.get\"", "\"ats.note.add\"")]
    [InlineData("\"ats.application.stage_changed\"", "¦", "\"ats.application.created\"", "\"aria.interview.completed\"")]
    [InlineData("\"on\": [\"aria.interview.completed\"", "\"on\": [¦", "\"aria.interview.no_show\"")]
    [InlineData("\"with\": { \"$file\": \"invitation.json\" }", "\"with\": { ¦ }", "candidate", "interview_kit_id")]
    [InlineData("\"with\": { \"$file\": \"invitation.json\" }", "\"with\": ¦", "{ \"$file\": … }")]
    [InlineData("\"status\": \"pending\"", "¦", "status", "recommendation", "$js")]
    [InlineData("\"status\": \"pending\"", "\"status\": ¦", "\"pending\"", "\"no_show\"")]
    [InlineData("\"interview_id\": \"{{ steps.invite.output.interview_id }}\" },\n        \"timeout\"", "¦ },\n        \"timeout\"", "interview_id")]
    [InlineData("\"timeout\": \"14d\",\n        \"onTimeout\": \"continue\"", "¦", "timeout", "onTimeout")]
    [InlineData("\"ats\": \"greenhouse\"", "\"ats\": ¦", "\"greenhouse\"", "\"aria\"")]
    [InlineData("{ \"id\": \"write\",", "{ ¦ \"id\": \"write\",", "once", "retry", "when")]
    public async Task Pipeline_AtTheCursor_IsCompleted(string before, string after, params string[] proposals)
    {
        string text = Shipped.Read(Pipeline);
        text.ShouldContain(before);

        (_, IReadOnlyList<string> shown, _) = await Editor.ShowAsync(Pipeline, text.Replace(before, after, StringComparison.Ordinal));

        proposals.Except(shown).ShouldBeEmpty($"proposed: {string.Join(", ", shown)}");
    }

    [Fact]
    public async Task Pipeline_ProposedOperations_ComeWithTheirDescriptions()
    {
        (_, _, IReadOnlyList<string> words) = await Editor.ShowAsync(Pipeline, Shipped.Read(Pipeline).Replace("\"aria.interview.get\"", "\"¦\"", StringComparison.Ordinal));

        words.ShouldContain("Reads the state and result of an interview.");
    }

    [Theory]
    [InlineData("\"aria.interview.get\"", "\"aria.interview.gett\"", "34: Value is not accepted. Valid values: ")]
    [InlineData("\"status\": \"pending\"", "\"statuss\": \"pending\"", "21: Property statuss is not allowed.")]
    [InlineData("\"status\": \"pending\"", "\"status\": \"waiting\"", "21: Value is not accepted. Valid values: \"pending\", \"completed\", \"no_show\".")]
    [InlineData("\"application_id\": \"{{ event.application.id }}\", \"status\"", "\"status\"", "21: Missing property \"application_id\".")]
    [InlineData("\"action\": \"aria.interview.create\",", "\"map\": 1,", "12: Object is missing property action required by property with.")]
    [InlineData("\"timeout\": \"14d\"", "\"timeout\": 14", "28: Incorrect type. Expected \"string\".")]
    public async Task Pipeline_Mistake_IsShownAtItsLine(string right, string wrong, string problem)
    {
        (IReadOnlyList<string> problems, _, _) = await Editor.ShowAsync(Pipeline, Shipped.Read(Pipeline).Replace(right, wrong, StringComparison.Ordinal));

        problems.ShouldContain(p => p.StartsWith(problem, StringComparison.Ordinal), $"shown: {string.Join(" | ", problems)}");
    }

    [Fact]
    public async Task Connection_SettingsAndSecrets_AreCompletedAndChecked()
    {
        string text = Shipped.Read(Connection);

        (_, IReadOnlyList<string> settings, IReadOnlyList<string> help) = await Editor.ShowAsync(Connection, text.Replace("\"fields\"", "¦, \"fields\"", StringComparison.Ordinal));
        (IReadOnlyList<string> problems, _, _) = await Editor.ShowAsync(Connection, text.Replace("${secret:greenhouse-webhook}", "hunter2", StringComparison.Ordinal));

        settings.ShouldContain("noteVisibility");
        help.ShouldContain("Who sees notes.");
        problems.ShouldHaveSingleItem().ShouldBe("7: A secret is never written into a file: write \"${secret:name}\" and provide the secret of that name to the host.");
    }

    [Theory]
    [InlineData(Case, "\"then\":", "¦ \"then\":", "given", "at")]
    [InlineData(Case, "\"from\": \"ats\",", "\"from\": \"ats\", ¦", "file", "body", "polled")]
    [InlineData(Case, "\"sample\": \"application.stage_changed\"", "\"sample\": ¦", "\"application.created\"", "\"interview.completed\"")]
    [InlineData(Case, "\"state\": \"succeeded\"", "\"state\": ¦", "\"waiting\"", "\"needs_review\"")]
    [InlineData(Connector, "\"effect\": \"idempotent\"", "\"effect\": ¦", "\"lookup\"", "\"unsafe\"")]
    [InlineData(Connector, "\"effect\": \"idempotent\",", "\"effect\": \"idempotent\", ¦", "scopes", "idempotency")]
    public async Task CaseOrConnector_AtTheCursor_IsCompleted(string file, string before, string after, params string[] proposals)
    {
        string text = Shipped.Read(file);
        text.ShouldContain(before);

        (_, IReadOnlyList<string> shown, _) = await Editor.ShowAsync(file, text.Replace(before, after, StringComparison.Ordinal));

        proposals.Except(shown).ShouldBeEmpty($"proposed: {string.Join(", ", shown)}");
    }

    [Theory]
    [InlineData(Case, "\"state\": \"succeeded\"", "\"state\": \"success\"")]
    [InlineData(Case, "\"then\":", "\"than\":")]
    [InlineData(Case, "\"from\": \"ats\"", "\"schedule\": \"0 9 * * 1-5\", \"from\": \"ats\"")]
    [InlineData(Connector, "\"effect\": \"idempotent\"", "\"effect\": \"once\"")]
    [InlineData(Connector, "\"operations\":", "\"operation\":")]
    public async Task CaseOrConnector_Mistake_IsShownAtItsLine(string file, string right, string wrong)
    {
        string text = Shipped.Read(file);
        text.ShouldContain(right);
        string line = $"{text[..text.IndexOf(right, StringComparison.Ordinal)].Split('\n').Length}: ";

        (IReadOnlyList<string> problems, _, _) = await Editor.ShowAsync(file, text.Replace(right, wrong, StringComparison.Ordinal));

        problems.ShouldContain(p => p.StartsWith(line, StringComparison.Ordinal), $"shown: {string.Join(" | ", problems)}");
    }
}
