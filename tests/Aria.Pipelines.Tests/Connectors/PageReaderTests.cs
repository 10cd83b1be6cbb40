using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class PageReaderTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private Func<SeenRequest, HttpResponse, Task> _answer = (_, _) => Task.CompletedTask;
    private RemoteServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync((request, response) => _answer(request, response));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task Read_LinkedPages_ConcatenatedWithOnePermitEach()
    {
        _answer = (request, response) => Page(request, response, request.PathAndQuery switch { "/l" => "/l?cursor=2", "/l?cursor=2" => "/l?cursor=3", _ => null });
        PageResult result = await ReadAsync();
        result.Response.GetProperty("body").GetRawText().ShouldBe("""["/l","/l?cursor=2","/l?cursor=3"]""");
        _rig.Budgets.Taken.ShouldBe(3);
    }

    [Fact]
    public async Task Read_PermitHeld_OnlyFurtherPagesTakeOne()
    {
        _answer = (request, response) => Page(request, response, request.PathAndQuery == "/l" ? "/l?cursor=2" : null);
        await ReadAsync(permitHeld: true);
        _rig.Budgets.Taken.ShouldBe(1);
    }

    [Fact]
    public async Task Read_BudgetUsedUpBetweenPages_WaitsInTheStore()
    {
        _rig.Budgets.Allowed = 1;
        _answer = (request, response) => Page(request, response, "/l?cursor=" + _server.Requests.Count);
        PageResult result = await ReadAsync();
        (result.Exchange.Outcome, result.Exchange.Code, result.Exchange.RetryAt).ShouldBe((OperationOutcome.RateLimited, "budget", _rig.Budgets.Later));
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_NextIsThisPage_StopsInsteadOfForever()
    {
        _answer = (request, response) => Page(request, response, "/l");
        (await ReadAsync()).Exchange.Code.ShouldBe("answer_not_understood");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_EndlessList_StopsAfterAThousandPages()
    {
        _answer = (request, response) => Page(request, response, "/l?cursor=" + _server.Requests.Count);
        (await ReadAsync()).Exchange.Code.ShouldBe("answer_not_understood");
        _server.Requests.Count.ShouldBe(PageReader.MaxPages);
    }

    [Theory]
    [InlineData("http://localhost:1/l")]
    [InlineData("https://127.0.0.1/l")]
    [InlineData("//evil.example/l")]
    public async Task Read_NextOnAnotherHost_NotFollowed(string link)
    {
        _answer = (request, response) => Page(request, response, link);
        PageResult result = await ReadAsync();
        result.Exchange.Message.ShouldBe("The link to the next page repeats itself, leads to another host, or there are more than 1000 pages.");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_PageIsNoArray_NotUnderstood()
    {
        _answer = (_, response) => RemoteServer.Json(response, "{}");
        (await ReadAsync()).Exchange.Message.ShouldBe("A page of a list is not an array.");
    }

    [Theory]
    [InlineData("<https://a.example/1>; rel=\"next\"", "https://a.example/1")]
    [InlineData("<https://a.example/0>; rel=\"prev\", <https://a.example/2?x=1,2>; title=\"n\"; rel=next", "https://a.example/2?x=1,2")]
    [InlineData("<https://a.example/3>; rel=\"last next\"", "https://a.example/3")]
    [InlineData("<https://a.example/4>; REL=\"NEXT\"", "https://a.example/4")]
    [InlineData("<https://a.example/5>; rel=\"nextish\"", null)]
    [InlineData("<https://a.example/6>, <https://a.example/7>; rel=\"last\"", null)]
    [InlineData("garbage", null)]
    public void Next_LinkHeader_TargetOfTheRelation(string header, string? expected)
    {
        var response = new ConnectorResponse(200, new Dictionary<string, IReadOnlyList<string>> { ["link"] = [header] }, default);
        PageReader.Next(response, "next").ShouldBe(expected);
    }

    private static Task Page(SeenRequest request, HttpResponse response, string? next)
    {
        if (next is not null)
        {
            response.Headers.Link = $"<{next}>; rel=\"next\"";
        }
        return RemoteServer.Json(response, $"[\"{request.PathAndQuery}\"]");
    }

    private Task<PageResult> ReadAsync(bool permitHeld = false)
    {
        Connector connector = Plugins.Greenhouse with { Http = Plugins.Greenhouse.Http with { Auth = null } };
        var request = new ConnectorRequest("GET", new Uri(_server.Url + "/l"), [], default);
        return _rig.Pages.ReadAsync(Plugins.Connect(connector), request, items: "", permitHeld, TestContext.Current.CancellationToken);
    }
}
