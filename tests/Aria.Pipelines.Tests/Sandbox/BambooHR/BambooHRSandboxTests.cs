using Aria.Pipelines.Sandbox.BambooHR;
using Aria.Pipelines.Tests.Sandbox.ICims;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.BambooHR;

/// <summary>What the stand-in answers, and what it refuses.</summary>
public sealed class BambooHRSandboxTests : IAsyncLifetime
{
    private const string Root = "/api/v1/applicant_tracking";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
    private BambooHRSandbox _sandbox = null!;
    private SandboxClient _client = null!;

    public ValueTask InitializeAsync() => StartAsync(new BambooHROptions { PageSize = 2 });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef01234567", "y", 401)]
    [InlineData("wrong", "x", 401)]
    [InlineData("0123456789abcdef0123456789abcdef01234567", "x", 200)]
    public async Task Get_KeyWithTheLetterX_AndNothingElse(string user, string password, int status)
    {
        _client.Authorization = ICimsRig.Basic(user, password);
        (await _client.GetAsync(Root + "/statuses")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task List_Pages_CompleteIsTrueOnTheLastAndBeyond()
    {
        long[] ids = [Apply(), Apply(), Apply()];
        SandboxReply first = await _client.GetAsync(Root + "/applications?per_page=3");
        (first.Json.GetProperty("paginationComplete").GetBoolean(), Ids(first)).ShouldBe((false, $"{ids[0]},{ids[1]}"));
        SandboxReply second = await _client.GetAsync(Root + "/applications?page=2");
        (second.Json.GetProperty("paginationComplete").GetBoolean(), Ids(second)).ShouldBe((true, $"{ids[2]}"));
        (await _client.GetAsync(Root + "/applications?page=3")).Body.ShouldBe("""{"paginationComplete":true,"applications":[],"nextPageUrl":null}""");
    }

    [Fact]
    public async Task List_NewSince_SubmissionAloneCounts()
    {
        long old = Apply();
        _time.Advance(TimeSpan.FromHours(1));
        long fresh = Apply();
        _sandbox.Move(old, "Phone Screen");
        Ids(await _client.GetAsync(Root + "/applications?newSince=2026-10-01%2009:30:00")).ShouldBe($"{fresh}");
        Ids(await _client.GetAsync(Root + "/applications?sortBy=last_updated&sortOrder=DESC")).ShouldBe($"{old},{fresh}");
        (await _client.GetAsync(Root + "/applications?newSince=2026-10-01T09:30:00Z")).Headers["x-bamboohr-error-message"].ShouldBe("Invalid newSince");
    }

    [Theory]
    [InlineData("status", """{"status":"2"}""", "Invalid status")]
    [InlineData("status", """{"status":33}""", "Invalid status")]
    [InlineData("status", """{"status":99}""", "Invalid status")]
    [InlineData("comments", """{"type":"comment"}""", "The comment is required")]
    [InlineData("comments", "[]", "Bad request parameters")]
    public async Task Post_WrongBody_EmptyAnswerAndTheReasonInAHeader(string what, string body, string message)
    {
        SandboxReply reply = await _client.PostAsync($"{Root}/applications/{Apply()}/{what}", body);
        (reply.Status, reply.Body, reply.Headers["x-bamboohr-error-message"]).ShouldBe((400, "", message));
        _sandbox.State.Applications.Single().ShouldSatisfyAllConditions(a => a.Status.ShouldBe("New"), a => a.Comments.ShouldBeEmpty());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Get_BeyondTheLimit_RetryAfter(int status)
    {
        await DisposeAsync();
        await StartAsync(new BambooHROptions { RequestsPerMinute = 1, LimitStatus = status });
        (await _client.GetAsync(Root + "/statuses")).Status.ShouldBe(200);
        SandboxReply over = await _client.GetAsync(Root + "/statuses");
        (over.Status, over.Headers["Retry-After"]).ShouldBe((status, "60"));
    }

    [Fact]
    public async Task Get_UserWithoutAtsSettings_403()
    {
        await DisposeAsync();
        await StartAsync(new BambooHROptions { AtsSettings = false });
        (await _client.GetAsync(Root + "/statuses")).Status.ShouldBe(403);
    }

    private async ValueTask StartAsync(BambooHROptions options)
    {
        _sandbox = await BambooHRSandbox.StartAsync(options with { Time = _time }, TestContext.Current.CancellationToken);
        _client = new SandboxClient(_sandbox.BaseUrl) { Authorization = ICimsRig.Basic(options.ApiKey, "x") };
    }

    private long Apply() => _sandbox.Apply(new BambooHRApplicant("Ada", "Example", "ada@example.com"));

    private static string Ids(SandboxReply reply) => string.Join(',', reply.Json.GetProperty("applications").EnumerateArray().Select(a => a.GetProperty("id").GetInt64()));
}
