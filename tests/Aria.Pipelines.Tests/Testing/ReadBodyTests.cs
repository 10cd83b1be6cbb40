using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Testing;
using Aria.Pipelines.Tests.Connectors;

namespace Aria.Pipelines.Tests.Testing;

/// <summary>The answer of a system from which a read makes its sample.</summary>
public sealed class ReadBodyTests
{
    [Theory]
    [InlineData(""" "value": { "$js": "response.body" }, "sample": { "id": 1 } """, """{"id":1}""")]
    [InlineData(""" "value": { "$js": "response.body[0]" }, "sample": { "id": 1 } """, """[{"id":1}]""")]
    [InlineData(""" "paged": true, "sample": [1, 2] """, """{"results":[1,2]}""")]
    [InlineData(""" "paged": true, "items": "/_embedded/a~1b", "sample": [1, 2] """, """{"_embedded":{"a/b":[1,2]}}""")]
    [InlineData(""" "paged": true, "items": "", "value": { "$js": "response.body" }, "sample": [1, 2] """, "[1,2]")]
    public void Answer_OfARead_IsWhatItsSampleIsMadeOf(string read, string body)
    {
        string connector = $$$"""
            { "connector": "wire", "version": "1.0.0", "contract": 1, "title": "Wire", "settings": { "baseUrl": { "type": "string" } },
              "http": { "baseUrl": "{{ settings.baseUrl }}", "paging": { "next": "{{ response.body?.next }}", "items": "/results" } },
              "operations": { "thing.do": { "effect": "unsafe", "input": { "type": "object" },
                "reads": [ { "id": "all", "request": { "method": "GET", "path": "/things" }, {{{read}}} } ],
                "request": { "method": "POST", "path": "/thing" }, "output": {}, "sample": {} } } }
            """;
        ConnectorRead all = Connectors.Plugins.Read(new TestFolder(connector)).Operations["thing.do"].Reads[0];

        string made = ReadBody.For(all, new Dictionary<string, JsonElement> { ["input"] = JsonElement.Parse("{}"), ["settings"] = JsonElement.Parse("{}"), ["reads"] = JsonElement.Parse("{}") }, all.Sample).ToJsonString();

        made.ShouldBe(body);
    }
}
