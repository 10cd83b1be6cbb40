using System.Text.Json;
using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Lists in every way in which systems page them, read to their end by a read of an operation.</summary>
public sealed class PagingTests : IDisposable
{
    private readonly ConnectorRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("""{ "next": "{{ response.body.nextCursor }}", "parameter": "cursor", "items": "/results" }""", "cursor", "GET /things?size=2|GET /things?size=2&cursor=c%2F2|GET /things?size=2&cursor=c%2F3")]
    [InlineData("""{ "next": { "$js": "response.body.results.length === 2 ? page.number + 1 : null" }, "parameter": "page", "items": "/results" }""", "page", "GET /things?size=2|GET /things?size=2&page=2|GET /things?size=2&page=3")]
    [InlineData("""{ "next": { "$js": "response.body.more ? page.number * 2 : null" }, "parameter": "offset", "items": "/results" }""", "offset", "GET /things?size=2|GET /things?size=2&offset=2|GET /things?size=2&offset=4")]
    [InlineData("""{ "next": "{{ response.body.links.next }}", "items": "/results" }""", "link", "GET /things?size=2|GET /things?size=2&at=2|GET /things?size=2&at=3")]
    public async Task List_PagedSo_ReadToTheEnd(string paging, string kind, string lines)
    {
        await using RemoteServer server = await RemoteServer.StartAsync((request, response) => AnswerAsync(kind, request, response));
        Preparation prepared = await PrepareAsync(server.Url, paging);
        Reads(prepared).ShouldBe("[1,2,3,4,5]");
        server.Lines.ShouldBe(lines.Split('|'));
    }

    [Theory]
    [InlineData("""{"results":{"id":1}}""", """[{"id":1}]""")]
    [InlineData("""{"results":null}""", "[]")]
    [InlineData("{}", "[]")]
    [InlineData("", "[]")]
    public async Task Page_WithOneRecordOrNone_IsAListAllTheSame(string body, string expected)
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, body));
        Reads(await PrepareAsync(server.Url, """{ "next": "{{ response.body?.next }}", "items": "/results" }""")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"_embedded":{"things":[1,2]}}""", "[1,2]")]
    [InlineData("""{"_embedded":{"others":[1,2]}}""", "[]")]
    [InlineData("""{"_embedded":{"things":"many"}}""", "answer_not_understood")]
    public async Task Page_WhoseListHasANameOfItsOwn_IsReadWhereTheReadSays(string body, string expected)
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, body));
        Preparation prepared = await PrepareAsync(server.Url, """{ "next": "{{ response.body?.next }}" }""", ", \"paged\": true, \"items\": \"/_embedded/things\"");
        (prepared.Frozen is null ? prepared.RetryCode : Reads(prepared)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"results":[1],"next":"http://elsewhere.example/things"}""")]
    [InlineData("""{"results":[1],"next":"/things?size=2"}""")]
    public async Task Next_ThatRepeatsItselfOrLeavesTheHost_IsNotFollowed(string body)
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, body));
        Preparation prepared = await PrepareAsync(server.Url, """{ "next": "{{ response.body.next }}", "items": "/results" }""");
        prepared.Frozen.ShouldBeNull();
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(404, true, "null")]
    [InlineData(410, true, "null")]
    [InlineData(404, false, null)]
    [InlineData(403, true, null)]
    public async Task Read_OfWhatIsGone_IsNullWhereThatIsDeclared(int status, bool optional, string? expected)
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}", status));
        Preparation prepared = await PrepareAsync(server.Url, """{ "link": "next" }""", $", \"optional\": {(optional ? "true" : "false")}");
        (prepared.Frozen is null ? null : Reads(prepared)).ShouldBe(expected);
    }

    private static string Reads(Preparation prepared) => FrozenRequest.FromBytes(prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString() ?? prepared.RetryCode)).Reads.GetProperty("all").GetRawText();

    private static Task AnswerAsync(string kind, SeenRequest request, HttpResponse response)
    {
        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query = QueryHelpers.ParseQuery(request.PathAndQuery.Split('?')[1]);
        int page = query switch
        {
            _ when query.TryGetValue("cursor", out var cursor) => cursor.ToString()[^1] - '0',
            _ when query.TryGetValue("page", out var number) => number.ToString()[0] - '0',
            _ when query.TryGetValue("at", out var at) => at.ToString()[0] - '0',
            _ when query.TryGetValue("offset", out var offset) => 1 + ((offset.ToString()[0] - '0') / 2),
            _ => 1,
        };
        int[] records = [.. new[] { 1, 2, 3, 4, 5 }.Skip((page - 1) * 2).Take(2)];
        object answer = new
        {
            results = records,
            nextCursor = kind == "cursor" && page < 3 ? $"c/{page + 1}" : null,
            more = page < 3,
            links = new { next = page < 3 ? $"/things?size=2&at={page + 1}" : null },
        };
        return RemoteServer.Json(response, JsonSerializer.Serialize(answer));
    }

    private Task<Preparation> PrepareAsync(string url, string paging, string more = ", \"paged\": true")
    {
        string connector = $$$"""
            { "connector": "paged", "version": "1.0.0", "contract": 1, "title": "Paged", "settings": { "baseUrl": { "type": "string" } },
              "http": { "baseUrl": "{{ settings.baseUrl }}", "paging": {{{paging}}} },
              "operations": { "thing.do": { "effect": "unsafe", "input": { "type": "object" },
                "reads": [ { "id": "all", "request": { "method": "GET", "path": "/things", "query": { "size": "2" } }, "sample": []{{{more}}} } ],
                "request": { "method": "POST", "path": "/thing" }, "output": {}, "sample": {} } } }
            """;
        Connection connection = Plugins.Connect(Plugins.Read(new TestFolder(connector)), $$"""{"baseUrl":"{{url}}"}""");
        return _rig.Client.PrepareAsync(connection, connection.Connector.Operations["thing.do"], JsonElement.Parse("{}"), "k", TestContext.Current.CancellationToken);
    }
}
