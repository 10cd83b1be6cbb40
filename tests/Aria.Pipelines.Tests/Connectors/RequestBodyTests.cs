using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Requests as systems want them, seen by a server.</summary>
public sealed class RequestBodyTests
{
    private const string Pdf = "JVBERi0x";

    [Theory]
    [InlineData("""{ "method": "POST", "path": "/thing", "body": {} }""", "application/json", "{}")]
    [InlineData("""{ "method": "POST", "path": "/thing", "form": { "name": "{{ input.name }}", "tags": ["a", "b"], "none": null, "count": 3 } }""", "application/x-www-form-urlencoded", "name=J%C3%B6rg%20%26%20Co&tags=a&tags=b&count=3")]
    [InlineData("""{ "method": "POST", "path": "/thing", "arrays": "brackets", "form": { "tags": ["a", "b"] } }""", "application/x-www-form-urlencoded", "tags%5B%5D=a&tags%5B%5D=b")]
    [InlineData("""{ "method": "PUT", "path": "/thing", "headers": { "Content-Type": "text/xml; charset=utf-8", "SOAPAction": "\"\"" }, "text": "<a b=\"c\">{{ input.name | html.escape }}</a>" }""", "text/xml; charset=utf-8", "<a b=\"c\">J&#246;rg &amp; Co</a>")]
    [InlineData("""{ "method": "POST", "path": "/thing", "text": "plain" }""", "text/plain; charset=utf-8", "plain")]
    public async Task Body_OfEachKind_TypeAndBytes(string request, string type, string body)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        (await wire.DoAsync(wire.Connect("", request), """{"name":"Jörg & Co"}""")).Outcome.ShouldBe(OperationOutcome.Confirmed);
        SeenRequest seen = wire.Server.Requests.Single();
        (seen.Headers.ContentType.ToString(), seen.Body).ShouldBe((type, body));
    }

    [Fact]
    public async Task Form_OfAConnectorWhoseHeadersNameAType_KeepsItsOwn()
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        const string Headers = """ "headers": { "Content-Type": "application/vnd.api+json" } """;
        await wire.DoAsync(wire.Connect(Headers, """{ "method": "POST", "path": "/thing", "form": { "a": "b" } }"""));
        await wire.DoAsync(wire.Connect(Headers, """{ "method": "POST", "path": "/thing", "body": { "a": "b" } }"""));
        wire.Server.Requests.Select(r => r.Headers.ContentType.ToString()).ShouldBe(["application/x-www-form-urlencoded", "application/vnd.api+json"]);
    }

    [Fact]
    public async Task Multipart_TextsAndFiles_AreReadByAServerAndFrozenAlike()
    {
        var parts = new List<string>();
        await using Wire wire = await Wire.StartAsync(async (seen, response) =>
        {
            var reader = new Microsoft.AspNetCore.WebUtilities.MultipartReader(
                Microsoft.Net.Http.Headers.HeaderUtilities.RemoveQuotes(Microsoft.Net.Http.Headers.MediaTypeHeaderValue.Parse(seen.Headers.ContentType.ToString()).Boundary).ToString(),
                new MemoryStream(System.Text.Encoding.UTF8.GetBytes(seen.Body)));
            while (await reader.ReadNextSectionAsync() is { } section)
            {
                parts.Add($"{section.ContentDisposition} | {section.ContentType} | {await new StreamReader(section.Body).ReadToEndAsync()}");
            }
            await RemoteServer.Json(response, "{}");
        });
        string request = $$$"""
            { "method": "POST", "path": "/thing", "multipart": { "name": "{{ input.name }}", "none": null, "file": { "filename": "r\"1\".pdf", "type": "application/pdf", "base64": "{{{Pdf}}}" }, "note": { "text": "two\nlines" } } }
            """;
        Connection connection = wire.Connect("", request);
        (await wire.DoAsync(connection, """{"name":"Jörg"}""")).Outcome.ShouldBe(OperationOutcome.Confirmed);
        parts.ShouldBe(
        [
            "form-data; name=\"name\" |  | Jörg", "form-data; name=\"file\"; filename=\"r%221%22.pdf\" | application/pdf | %PDF-1",
            "form-data; name=\"note\"; filename=\"note\" | application/octet-stream | two\nlines",
        ]);
        string first = wire.Stored;
        await wire.DoAsync(connection, """{"name":"Jörg"}""");
        wire.Stored.ShouldBe(first);
    }

    [Theory]
    [InlineData("repeat", "/thing?ids=1&ids=2&filter%5Bstage%5D=x")]
    [InlineData("brackets", "/thing?ids%5B%5D=1&ids%5B%5D=2&filter%5Bstage%5D=x")]
    [InlineData("comma", "/thing?ids=1%2C2&filter%5Bstage%5D=x")]
    public async Task Query_SeveralValues_WrittenAsDeclared(string arrays, string target)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        await wire.DoAsync(wire.Connect("", $$"""{ "method": "GET", "path": "/thing", "arrays": "{{arrays}}", "query": { "ids": { "$js": "[1, 2]" }, "none": { "$js": "[]" }, "filter[stage]": "x" } }"""));
        wire.Server.Lines.ShouldBe(["GET " + target]);
    }

    [Theory]
    [InlineData("""{"job":"J 1","page":2}""", "/applicants/job_id/J%201/page/2")]
    [InlineData("""{"page":1}""", "/applicants")]
    public async Task Path_FiltersAsSegments_LeftOutWhenThereIsNothing(string input, string path)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        const string Path = "/applicants{{ if input?.job }}/job_id/{{ input.job }}{{ end }}{{ if input.page > 1 }}/page/{{ input.page }}{{ end }}";
        await wire.DoAsync(wire.Connect("", $$"""{ "method": "GET", "path": "{{Path}}" }"""), input);
        wire.Server.Lines.ShouldBe(["GET " + path]);
    }

    [Fact]
    public async Task Path_OfASystemWithSeveralHosts_MayNameOneOfThemButNoInputCan()
    {
        await using RemoteServer files = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        const string Auth = """ "auth": { "bearer": { "token": "{{ settings.apiKey }}" } } """;
        await wire.DoAsync(wire.Connect(Auth, $$$"""{ "method": "GET", "path": "{{{files.Url}}}/cv/{{ input.id }}" }"""), """{"id":"a/b"}""");
        string refused = await wire.ProblemAsync(wire.Connect("", """{ "method": "GET", "path": "{{ input.url }}" }"""), $$"""{"url":"{{files.Url}}"}""");
        files.Lines.ShouldBe(["GET /cv/a%2Fb"]);
        files.Requests.Single().Authorization.ShouldNotBeNull().ShouldStartWith("Bearer ");
        refused.ShouldStartWith("error invalid_url: ");
        wire.Server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(""" "form": "x" """, "A form is an object: the name of each field, and its value.")]
    [InlineData(""" "form": { "a": { "b": 1 } } """, "The parameter 'a' is an object.")]
    [InlineData(""" "text": { "a": 1 } """, "The text to send is not a text.")]
    [InlineData(""" "multipart": { "f": { "base64": "?" } } """, "File 'f' has neither 'text' nor 'base64' that can be read.")]
    [InlineData(""" "multipart": { "f": { "text": "x", "type": "a\r\nb" } } """, "The media type of a file holds a line break or a character outside ASCII.")]
    public async Task Body_ThatCannotBeWritten_SaysWhyAndSendsNothing(string body, string expected)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        (await wire.ProblemAsync(wire.Connect("", $$"""{ "method": "POST", "path": "/thing", {{body}} }"""))).ShouldBe($"error invalid_parameter: {expected} Connection 'ats'.");
        wire.Server.Requests.ShouldBeEmpty();
    }
}
