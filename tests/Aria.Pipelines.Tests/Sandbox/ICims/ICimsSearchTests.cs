using Aria.Pipelines.Sandbox.ICims;

namespace Aria.Pipelines.Tests.Sandbox.ICims;

/// <summary>Search gives ids, from a cache unless told otherwise, and reads dates in its own way.</summary>
public sealed class ICimsSearchTests
{
    [Fact]
    public async Task Search_TheVendorsExample_IdsAndAddressesAscending()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        long first = rig.Sandbox.Apply(ICimsRig.Jane);
        rig.Sandbox.Apply(ICimsRig.Jane, ICimsSeeds.DesignerJobId);
        long third = rig.Sandbox.Apply(ICimsRig.Jane);
        SandboxReply reply = await rig.PostAsync("/search/applicantworkflows", """{"filters":[{"name":"applicantworkflow.job.id","value":["4056310"],"operator":"="}]}""");
        reply.Json.GetProperty("searchResults").GetRawText().ShouldBe(
            $$"""[{"self":"{{rig.Sandbox.ApiUrl}}/applicantworkflows/{{first}}","id":{{first}}},{"self":"{{rig.Sandbox.ApiUrl}}/applicantworkflows/{{third}}","id":{{third}}}]""");
    }

    [Fact]
    public async Task Search_ThousandAndOne_NextPageBehindTheLastId()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        long last = 0;
        for (int i = 0; i < 1001; i++)
        {
            last = rig.Sandbox.Apply(ICimsRig.Jane);
        }
        long[] page = await rig.SearchAsync("""{"filters":[{"name":"applicantworkflow.job.id","value":["4056310"]}]}""");
        page.Length.ShouldBe(1000);
        page.ShouldBeInOrder();
        (await rig.SearchAsync($$"""{"filters":[{"name":"applicantworkflow.job.id","value":["4056310"]},{"name":"applicantworkflow.id","value":["{{page[^1]}}"],"operator":">"}],"operator":"&"}""")).ShouldBe([last]);
    }

    [Fact]
    public async Task Search_NoStaleness_QuarterOfAnHourOld()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        const string All = """{"filters":[{"name":"applicantworkflow.status","value":["D10100"]}]}""";
        (await rig.SearchAsync(All, "")).ShouldBeEmpty();
        long id = rig.Sandbox.Apply(ICimsRig.Jane);
        rig.Time.Advance(TimeSpan.FromSeconds((15 * 60) - 1));
        (await rig.SearchAsync(All, "")).ShouldBeEmpty();
        (await rig.SearchAsync(All)).ShouldBe([id]);
        rig.Sandbox.Move(id, "Offer");
        rig.Time.Advance(TimeSpan.FromMinutes(15));
        (await rig.SearchAsync(All, "")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-10-01 09:00 AM", "2026-10-01 09:00 AM", true)]
    [InlineData("2026-10-01 09:01 AM", "2026-10-01 10:00 AM", false)]
    [InlineData("2026-10-01 08:00 AM", "2026-10-01 08:59 AM", false)]
    [InlineData("2026-10-01", "2026-10-02", true)]
    [InlineData("2026-10-02", "2026-10-03", false)]
    [InlineData("2026-10-02T00:00:00Z", "2026-10-03", true)]
    [InlineData("2026-10-01 21:00", "2026-10-01 22:00", true)]
    public async Task Search_UpdatedDate_MinutesOfUtcAndBadDatesIgnored(string from, string to, bool found)
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        rig.Sandbox.Apply(ICimsRig.Jane);
        string group = $$"""{"filters":[{"name":"applicantworkflow.updateddate","value":["{{from}}"],"secondaryValue":["{{to}}"],"operator":"="}],"operator":"&"}""";
        (await rig.SearchAsync(group)).Length.ShouldBe(found ? 1 : 0);
    }

    [Fact]
    public async Task Search_StatusChanged_UpdatedDateFollows()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        long id = rig.Sandbox.Apply(ICimsRig.Jane);
        rig.Time.Advance(TimeSpan.FromHours(2));
        const string Later = """{"filters":[{"name":"applicantworkflow.updateddate","value":["2026-10-01 10:00 AM"],"operator":">="}]}""";
        (await rig.SearchAsync(Later)).ShouldBeEmpty();
        rig.Sandbox.Move(id, "Phone Screen");
        (await rig.SearchAsync(Later)).ShouldBe([id]);
        (await rig.GetAsync($"/applicantworkflows/{id}?fields=updateddate")).Json.GetProperty("updateddate").GetString().ShouldBe("2026-10-01 11:00 AM");
    }

    [Fact]
    public async Task Search_Groups_AndOrNested()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        long jane = rig.Sandbox.Apply(ICimsRig.Jane);
        long john = rig.Sandbox.Apply(ICimsRig.Jane with { FirstName = "John" }, ICimsSeeds.DesignerJobId);
        rig.Sandbox.Move(john, "Offer");
        (await rig.SearchAsync("""
            {"operator":"|","filters":[{"name":"applicantworkflow.status","value":["C38356"]}],
             "children":[{"operator":"&","filters":[{"name":"applicantworkflow.job.id","value":["4056310"]},{"name":"applicantworkflow.status","value":["D10100"]}]}]}
            """)).ShouldBe([jane, john]);
        (await rig.SearchAsync("""{"filters":[{"name":"applicantworkflow.status","value":["C99999"]}]}""")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", "At least one filter must be specified")]
    [InlineData("""{"filters":[]}""", "At least one filter must be specified")]
    [InlineData("""{"filters":[{"name":"applicantworkflow.updatedate","value":["x"]}]}""", "The following filter is either not valid or hidden: [applicantworkflow.updatedate]")]
    [InlineData("""{"filters":[{"name":"applicantworkflow.status","value":["x"],"operator":"~"}]}""", "The following operator is not valid in the given context: [~]")]
    [InlineData("""{"filters":[{"name":"applicantworkflow.status","value":["x"],"operator":">"}]}""", "The following operator is not valid in the given context: [>]")]
    [InlineData("""{"filters":[{"name":"applicantworkflow.status","values":["x"]}]}""", "The following attribute is unrecognized: [values]")]
    [InlineData("""{"filters":[{"name":"applicantworkflow.status","value":"x"}]}""", "An unknown parsing error occurred")]
    [InlineData("not json", "An unknown parsing error occurred")]
    public async Task Search_WrongBody_RefusedInTheVendorsWords(string body, string message)
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        ICimsRig.Error(await rig.PostAsync("/search/applicantworkflows?staleness=0", body)).ShouldBe((400, message, null, null));
    }
}
