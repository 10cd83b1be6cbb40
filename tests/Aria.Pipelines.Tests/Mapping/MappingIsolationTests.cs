using System.Text.Json;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>The same input makes the same bytes: whatever ran before, beside it, or on which machine.</summary>
public sealed class MappingIsolationTests
{
    private readonly MappingBench _bench = new();

    [Fact]
    public void Script_PatchedPrototype_IsGoneInTheNext()
    {
        _bench.With("a.js", "Object.prototype.evil = 1; Array.prototype.map = () => 'evil'; JSON.parse = null; return [1].map(x => x);");

        _bench.Eval("""[{ "$file": "a.js" }, { "$js": "[[1].map(x => x), typeof ({}).evil, JSON.parse('1')]" }]""").ShouldBe("""["evil",[[1],"undefined",1]]""");
    }

    [Fact]
    public void Script_ChangesItsInput_HostAndOthersKeepTheirs()
    {
        _bench.With("a.js", "event.list.push(2); event.name = 'x'; delete event.id; return event;");

        _bench.Eval("""[{ "$file": "a.js" }, { "$js": "event" }, "{{ event }}"]""", """{"id":1,"list":[1]}""")
            .ShouldBe("""[{"list":[1,2],"name":"x"},{"id":1,"list":[1]},{"id":1,"list":[1]}]""");
    }

    [Theory]
    [InlineData("{{ object.foo = 1 }}")]
    [InlineData("{{ math.abs = 1 }}")]
    [InlineData("{{ date.format = 'x' }}")]
    [InlineData("{{ aria.round = 1 }}")]
    [InlineData("{{ event.x = 1 }}")]
    [InlineData("{{ event.list[0] = 9 }}")]
    [InlineData("{{ x = event.list; x[0] = 9 }}")]
    [InlineData("{{ event.list.foo = 9 }}")]
    public void Template_WritesToSharedThings_Fails(string template)
    {
        _bench.Fails(MappingBench.Template(template), """{ "list": [1], "x": 0 }""").Code.ShouldBe("template_error");

        _bench.Eval("[\"{{ event.list[0] }}\", \"{{ -1 | math.abs }}\", \"{{ object.has_key event 'x' }}\"]", """{ "list": [1] }""").ShouldBe("[1,1,false]");
    }

    [Theory]
    [InlineData("new (Date.bind())()")]
    [InlineData("[Date].map(D => new D())")]
    [InlineData("[Date].map(D => D())")]
    [InlineData("Date['now']()")]
    public void Script_ClockByAnotherWay_Fails(string script) =>
        _bench.Fails(MappingBench.Js(script)).Summary.ShouldBe("The script asks for the present time.");

    [Theory]
    [InlineData("Math['random']()")]
    [InlineData("[Math].map(m => m.random())")]
    public void Script_ChanceByAnotherWay_Fails(string script) => _bench.Fails(MappingBench.Js(script)).Code.ShouldBe("script_error");

    [Theory]
    [InlineData("{{ event; date['now'] }}")]
    [InlineData("{{ d = date; d.utc_now }}")]
    [InlineData("{{ m = math; m.uuid }}")]
    public void Template_ClockByAnotherWay_Fails(string template) => _bench.Fails(MappingBench.Template(template)).Code.ShouldBe("template_error");

    [Theory]
    [InlineData("{\"$js\":\"new Date('2026-03-08T02:30:00').toISOString()\"}", "\"2026-03-08T02:30:00.000Z\"")]
    [InlineData("{\"$js\":\"new Date('2026-03-08T10:00:00-05:00')\"}", "\"2026-03-08T15:00:00.000Z\"")]
    [InlineData("{\"$js\":\"new Date(0).getTimezoneOffset()\"}", "0")]
    [InlineData("\"{{ date.parse '2026-03-08T10:00:00-05:00' }}\"", "\"2026-03-08T15:00:00Z\"")]
    [InlineData("\"{{ date.parse '2026-03-08' }}\"", "\"2026-03-08T00:00:00Z\"")]
    [InlineData("\"{{ date.parse '08/03/2026' 'dd/MM/yyyy' | date.add_days 1 | date.to_string '%Y-%m-%d %Z' }}\"", "\"2026-03-09 \\u002B00:00\"")]
    [InlineData("\"{{ date.parse_to_string '2026-03-08T10:00:00-05:00' '%H:%M' }}\"", "\"15:00\"")]
    [InlineData("\"{{ date.parse null }}\"", "null")]
    public void Dates_AreUtcEverywhere(string json, string expected) => _bench.Eval(json).ShouldBe(expected);

    [Fact]
    public void Evaluate_InParallel_MakesTheSameBytes()
    {
        CompiledMapping mapping = _bench.Compile("""{ "a": "{{ event.id }}/{{ event.tags | array.join ',' }}", "b": { "$js": "event.tags.map(t => t + event.id)" }, "c": "{{ event.id * 2 }}" }""");

        Parallel.For(0, 400, i =>
            MappingBench.Run(mapping, $$"""{ "id": {{i}}, "tags": ["x{{i}}", "y"] }""")
                .ShouldBe($$"""{"a":"{{i}}/x{{i}},y","b":["x{{i}}{{i}}","y{{i}}"],"c":{{i * 2}}}"""));
    }

    [Fact]
    public void Evaluate_Cancelled_StopsAtOnce()
    {
        CompiledMapping mapping = _bench.With("a.js", "for(;;){} return 1;").Compile("""{ "$file": "a.js" }""");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Should.Throw<OperationCanceledException>(() => mapping.Evaluate(new Dictionary<string, JsonElement>(), cancelled.Token));
    }

    [Fact]
    public void Result_MadeOfManyParts_IsLimitedAsAWhole()
    {
        string part = "\"{{ 'x' * 300000 }}\"";

        _bench.Fails($"[{part},{part},{part},{part}]").Code.ShouldBe("result_too_large");
    }
}
