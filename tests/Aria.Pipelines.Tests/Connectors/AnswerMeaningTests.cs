using System.Text;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>What answers mean beyond their status: rules over bodies and headers, XML, and when to come again.</summary>
public sealed class AnswerMeaningTests
{
    private const string Rules = """
        "errors": [
          { "status": "200-299", "when": "response.body?.success === false && response.body.code === 429", "is": "rateLimited", "wait": "{{ response.body.retry_in_ms / 1000 }}" },
          { "status": "200-299", "when": "response.body?.success === false", "is": "rejected", "message": "/errors/0" },
          { "status": "200-299", "when": "response.body?.data?.some(d => d.code !== 'SUCCESS')", "is": "rejected", "message": "/data/0/message" },
          { "status": 400, "message": "header:x-error-message" },
          { "status": 409, "when": "response.body?.error === 'exists'", "is": "success" },
          { "status": 503, "is": "rateLimited" }
        ]
        """;

    [Theory]
    [InlineData(200, """{"success":true}""", OperationOutcome.Confirmed, null)]
    [InlineData(200, """{"success":false,"errors":["no such stage"]}""", OperationOutcome.Rejected, "no such stage")]
    [InlineData(200, """{"data":[{"code":"RECORD_LOCKED","message":"it is locked"}]}""", OperationOutcome.Rejected, "it is locked")]
    [InlineData(200, """{"data":[{"code":"SUCCESS"}]}""", OperationOutcome.Confirmed, null)]
    [InlineData(200, "[]", OperationOutcome.Confirmed, null)]
    [InlineData(204, "", OperationOutcome.Confirmed, null)]
    [InlineData(400, "", OperationOutcome.Rejected, "said in a header")]
    [InlineData(409, """{"error":"exists"}""", OperationOutcome.Confirmed, null)]
    [InlineData(409, """{"error":"busy"}""", OperationOutcome.Unknown, null)]
    public async Task Answer_ByRulesOverItsContent_Classified(int status, string body, object outcome, string? message)
    {
        await using Wire wire = await Wire.StartAsync((_, response) =>
        {
            response.Headers["x-error-message"] = "said in a header";
            return body.Length > 0 ? RemoteServer.Json(response, body, status) : SetAsync(response, status);
        });
        OperationAnswer answer = await wire.DoAsync(Rules);
        (answer.Outcome, answer.Message).ShouldBe(((OperationOutcome)outcome, message));
    }

    [Theory]
    [InlineData(200, """{"success":false,"code":429,"retry_in_ms":5000}""", "", "", 5)]
    [InlineData(503, "{}", "Retry-After", "7", 7)]
    [InlineData(429, "{}", "X-Try-Again-Ms", "8000", 8)]
    [InlineData(429, "{}", "Retry-After", "9", 9)]
    public async Task Limit_HoweverItIsSaid_WaitsThatLong(int status, string body, string header, string value, int seconds)
    {
        await using Wire wire = await Wire.StartAsync((_, response) =>
        {
            if (header.Length > 0)
            {
                response.Headers[header] = value;
            }
            return RemoteServer.Json(response, body, status);
        });
        OperationAnswer answer = await wire.DoAsync($$""" "limits": { "requests": 10, "per": "1m", "retryAfter": { "header": "X-Try-Again-Ms", "unit": "milliseconds" } }, {{Rules}} """);
        (answer.Outcome, answer.RetryAt - wire.Rig.Time.GetUtcNow()).ShouldBe((OperationOutcome.RateLimited, TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData("seconds", "90", 90)]
    [InlineData("milliseconds", "1500", 1.5)]
    [InlineData("epoch", "1767700810", 10)]
    [InlineData("epoch", "1767700810000", 10)]
    [InlineData("date", "2026-01-06T12:00:20Z", 20)]
    [InlineData("date", "Tue, 06 Jan 2026 12:00:20 GMT", 20)]
    public async Task Reset_InTheUnitOfItsHeader_BlocksUntilThen(string unit, string value, double seconds)
    {
        await using Wire wire = await Wire.StartAsync((_, response) =>
        {
            response.Headers["X-Left"] = "0";
            response.Headers["X-More"] = value;
            return RemoteServer.Json(response, "{}");
        });
        await wire.DoAsync($$""" "limits": { "requests": 10, "per": "1m", "remaining": "X-Left", "reset": { "header": "X-More", "unit": "{{unit}}" } } """);
        wire.Rig.Budgets.Blocks.ShouldBe([wire.Rig.Time.GetUtcNow().AddSeconds(seconds)]);
    }

    [Fact]
    public async Task RetryAfter_ZeroAgainAndAgain_WaitsLongerEachTimeAndAsksLess()
    {
        bool limited = true;
        await using Wire wire = await Wire.StartAsync((_, response) =>
        {
            response.Headers.RetryAfter = "0";
            return RemoteServer.Json(response, "{}", limited ? 429 : 200);
        });
        Connection connection = wire.Connect("");
        var waits = new List<double>();
        for (int i = 0; i < 4; i++)
        {
            waits.Add(((await wire.DoAsync(connection)).RetryAt!.Value - wire.Rig.Time.GetUtcNow()).TotalSeconds);
        }
        waits.ShouldBe([1, 2, 4, 8]);
        wire.Rig.Budgets.Slowed.ShouldBe(4);
        limited = false;
        await wire.DoAsync(connection);
        limited = true;
        ((await wire.DoAsync(connection)).RetryAt!.Value - wire.Rig.Time.GetUtcNow()).TotalSeconds.ShouldBe(1);
    }

    [Theory]
    [InlineData("<a/>", """{"a":null}""")]
    [InlineData("<a>x</a>", """{"a":"x"}""")]
    [InlineData("<w:a xmlns:w='urn:w' w:v='1'><w:b>1</w:b><w:c>2</w:c><w:b>3</w:b>tail</w:a>", """{"a":{"@v":"1","b":["1","3"],"c":"2","#text":"tail"}}""")]
    [InlineData("<a>\n  <b>x &amp; y</b>\n  <!-- no --><?pi?>\n</a>", """{"a":{"b":"x & y"}}""")]
    [InlineData("<a><![CDATA[<b>]]></a>", """{"a":"<b>"}""")]
    [InlineData("""{"json":1}""", """{"json":1}""")]
    public async Task Xml_OfEveryKind_SeenAsJson(string xml, string expected)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => XmlAsync(response, xml));
        OperationAnswer answer = await wire.DoAsync(""" "format": "xml" """);
        answer.Output!.Value.GetRawText().ShouldBe(expected);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>")]
    [InlineData("<a><b></a>")]
    public async Task Xml_WithADocumentTypeOrBroken_IsOnlyText(string xml)
    {
        await using Wire wire = await Wire.StartAsync((_, response) => XmlAsync(response, xml));
        OperationAnswer answer = await wire.DoAsync(""" "format": "xml" """);
        answer.Output!.Value.GetString().ShouldBe(xml);
    }

    [Theory]
    [InlineData(56, System.Text.Json.JsonValueKind.Object)]
    [InlineData(57, System.Text.Json.JsonValueKind.String)]
    [InlineData(100_000, System.Text.Json.JsonValueKind.String)]
    public async Task Xml_DeeperThanJsonMayBe_IsOnlyText(int elements, System.Text.Json.JsonValueKind kind)
    {
        string xml = string.Concat(Enumerable.Repeat("<a>", elements)) + string.Concat(Enumerable.Repeat("</a>", elements));
        await using Wire wire = await Wire.StartAsync((_, response) => XmlAsync(response, xml));
        (await wire.DoAsync(""" "format": "xml" """)).Output!.Value.ValueKind.ShouldBe(kind);
    }

    [Fact]
    public async Task Xml_Fault_ClassifiedAndExplained()
    {
        await using Wire wire = await Wire.StartAsync((_, response) => XmlAsync(response, "<s:Envelope xmlns:s='urn:s'><s:Body><s:Fault><faultcode>Client.validation</faultcode><faultstring>No such worker</faultstring></s:Fault></s:Body></s:Envelope>", 500));
        OperationAnswer answer = await wire.DoAsync("""
            "format": "xml", "errors": [ { "status": 500, "when": "response.body?.Envelope?.Body?.Fault?.faultcode?.startsWith('Client.')", "is": "rejected", "message": "/Envelope/Body/Fault/faultstring" } ]
            """);
        (answer.Outcome, answer.Message).ShouldBe((OperationOutcome.Rejected, "No such worker"));
    }

    private static Task XmlAsync(Microsoft.AspNetCore.Http.HttpResponse response, string xml, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "text/xml; charset=utf-8";
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(xml)).AsTask();
    }

    private static Task SetAsync(Microsoft.AspNetCore.Http.HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }
}
