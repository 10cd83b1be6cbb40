using System.Text.Json;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Mapping.Scripts.Simple;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>An expression that runs without the engine gives what the engine gives, or is left to it.</summary>
public sealed class SimpleScriptTests
{
    private const string Event = """
        {"name":"Phone Screen","empty":"","zero":0,"big":12345678901234567890,"half":0.5,"yes":true,"no":false,"nothing":null,"list":[1],"deep":{"a":{"b":"c"}},
         "people":[{"name":"Ann","role":"a"},{"name":"Bo","role":"b","age":3}],"spaced":" \u00a0\u2028x \ufeff","odd":"\u0085x","accent":"\u00c9A\u0130","mail":" Ann@EXAMPLE.com ",
         "table":{"b":1,"7":2,"1":3},"key":"b","whole":100e-2,"tiny":0.0000001}
        """;

    private static readonly HashSet<string> Roots = ["event"];

    [Theory]
    [InlineData("event.name === 'Phone Screen'")]
    [InlineData("event.name !== 'Phone Screen'")]
    [InlineData("event.deep?.a?.b === 'c' && event.yes")]
    [InlineData("event.missing?.a.b.c === 'c'")]
    [InlineData("event.missing == null || event.no")]
    [InlineData("event.nothing != null")]
    [InlineData("event.nothing === null")]
    [InlineData("event.missing?.a ?? 'none'")]
    [InlineData("event.empty || event.zero || 'none'")]
    [InlineData("!event.empty")]
    [InlineData("!event.list")]
    [InlineData("event.zero === 0 ? event.half : null")]
    [InlineData("event.list === 'x'")]
    [InlineData("event.big === 'x'")]
    [InlineData("event.big")]
    [InlineData("event.name.length === 12")]
    [InlineData("event.missing.a")]
    [InlineData("event.missing")]
    [InlineData("event.deep")]
    [InlineData("event.constructor === null")]
    [InlineData("event.yes === true && event.half === 0.5 && event.deep.a.b")]
    [InlineData("[event.name, null, event.missing, 3, true].join(' ')")]
    [InlineData("[event.half].join()")]
    [InlineData("[event.list].join()")]
    [InlineData("[event.name, event.empty, event.missing].filter(n => n).join('-')")]
    [InlineData("event.people.find(p => p.role === 'b') ?? event.people[0]")]
    [InlineData("event.people.find(p => p.role === 'z')?.name ?? null")]
    [InlineData("event.people.find(p => p.missing.x)")]
    [InlineData("event.people.map((p, i) => ({ i, name: p.name }))")]
    [InlineData("event.people.map((p, i, all) => all)")]
    [InlineData("event.people.some(p => p.age) && event.people.every(p => p.name)")]
    [InlineData("event.people.map(p => p.missing)")]
    [InlineData("event.name.find(p => p)")]
    [InlineData("event.spaced.trim()")]
    [InlineData("event.odd.trim() === 'x'")]
    [InlineData("event.zero.trim()")]
    [InlineData("event.missing?.trim() ?? null")]
    [InlineData("(event.missing?.a).b")]
    [InlineData("event.missing.a ?? 'x'")]
    [InlineData("event['\\ud83d'] ?? 'x'")]
    [InlineData("event['\\ud83d']")]
    [InlineData("(event.missing?.a).b ?? 'x'")]
    [InlineData("event.name.toLowerCase() + event.accent.toLowerCase()")]
    [InlineData("event.accent.slice(0, -1) + event.name.slice(6) + event.name.slice(-3, 99) + event.name.slice(5, 2)")]
    [InlineData("event.name.startsWith('Ph') && event.name.endsWith('en') && event.name.includes('e S') && event.list.includes(1)")]
    [InlineData("event.list.includes('1')")]
    [InlineData("`${event.name}/${event.zero}/${event.nothing}/${event.missing}/${event.no}`")]
    [InlineData("`${event.half}`")]
    [InlineData("`${event.deep}`")]
    [InlineData("event.zero + 1")]
    [InlineData("1 + 2 + event.name")]
    [InlineData("event.name + 1 + 2")]
    [InlineData("String(event.zero) + String(event.missing)")]
    [InlineData("String(event.big)")]
    [InlineData("String()")]
    [InlineData("canonicalEmail(event.mail)")]
    [InlineData("canonicalEmail(event.nothing)")]
    [InlineData("canonicalEmail(event.missing)")]
    [InlineData("canonicalEmail(event.zero)")]
    [InlineData("sha256hex(event.name) + base64(event.name) + escapeHtml('<a>')")]
    [InlineData("event.table[event.key]")]
    [InlineData("event.table[event.missing]")]
    [InlineData("event.table['constructor']")]
    [InlineData("event.table['7']")]
    [InlineData("event.table")]
    [InlineData("event.name[0]")]
    [InlineData("event.list[0]")]
    [InlineData("event.list[9] ?? null")]
    [InlineData("event.list['0']")]
    [InlineData("event.list[-1]")]
    [InlineData("event.whole")]
    [InlineData("[event.whole, event.tiny]")]
    [InlineData("({ a: 1, b: event.missing, ...event.deep, ...null, ...false, a: 2 })")]
    [InlineData("({ ...event.table })")]
    [InlineData("({ ...event.name })")]
    [InlineData("({ __proto__: event.deep })")]
    [InlineData("({ '2': 1, '1': 2 })")]
    [InlineData("[...event.list, ...event.people, ...[event.missing]]")]
    [InlineData("[...event.name]")]
    [InlineData("[, 1]")]
    [InlineData("[event.deep] === [event.deep]")]
    [InlineData("event.deep === event.deep")]
    [InlineData("event.half.constructor")]
    [InlineData("'\\ud83d' + event.name")]
    [InlineData("'\\ud83d'")]
    [InlineData("{}")]
    public void Expression_WithAndWithoutTheEngine_GivesTheSame(string expression) =>
        // 'reverse' is too much for the shortcut.
        Result(expression).ShouldBe(Result($"[{expression}].reverse()[0]"));

    [Theory]
    [InlineData("const id = v => v == null ? null : String(v); return [id(event.zero), id(event.missing), id(id(event.name))];")]
    [InlineData("const { name, deep: d, missing } = event; return { name, c: d.a.b, missing: missing ?? null };")]
    [InlineData("const { a } = event.missing; return a;")]
    [InlineData("const { name, ...rest } = event; return rest.zero;")]
    [InlineData("const { name = 'x' } = event; return name;")]
    [InlineData("const f = () => f(); return f();")]
    [InlineData("const f = () => g(); const g = () => 1; return f();")]
    [InlineData("const a = event.name; const f = event => event + a; return f('x') + f('y');")]
    [InlineData("const a = () => event.name; const event = { name: 3 }; return a();")]
    [InlineData("const x = event; { const event = 4; } return x.name;")]
    [InlineData("const first = list => { const [a] = list; return a; }; return first(event.list);")]
    [InlineData("const pick = (list, role) => { const found = (list ?? []).find(i => i.role === role); return found ? found.name : null; }; return [pick(event.people, 'b'), pick(event.missing, 'b'), pick(event.people)];")]
    [InlineData("const String = v => 'mine'; return String(event.zero);")]
    [InlineData("const undefined = 1; return undefined;")]
    [InlineData("const f = undefined => undefined; return f(1);")]
    [InlineData("const f = () => arguments; return f(1);")]
    [InlineData("const f = v => v; return f;")]
    [InlineData("const f = v => v; return [event.name].map(f);")]
    [InlineData("if (event.yes) { return 1; } return 2;")]
    [InlineData("let n = 1; n = 2; return n;")]
    [InlineData("return;")]
    [InlineData("const f = (a, b) => b; return [f(1)];")]
    [InlineData("const f = (...all) => all; return f(1, 2);")]
    [InlineData("const f = a => { a; return 1; }; return f();")]
    [InlineData("const twice = l => l.map(i => event.list.map(j => [i, j])); return [twice(event.list), twice(event.people)];")]
    public void Body_WithAndWithoutTheEngine_GivesTheSame(string body) => ResultOfFile(body).ShouldBe(ResultOfFile("let $engine = 0; " + body));

    [Fact]
    public void Script_OfMuchWork_IsLeftToTheEngineAndItsLimits()
    {
        string list = $"[{string.Join(',', Enumerable.Repeat("\"0123456789\"", 3000))}]";
        const string Square = "event.list.map(a => event.list.filter(b => a === b).join('').slice(0, 3)).slice(0, 1)";

        new MappingBench().Fails($$"""{"$js":{{JsonSerializer.Serialize(Square)}}}""", $$"""{"list":{{list}}}""").Code.ShouldBe(MappingCodes.ScriptMemory);
    }

    [Theory]
    [InlineData("event.list.map(i => event.list[2999])")]
    [InlineData("event.list.map(i => event.wide.a)")]
    [InlineData("event.list.map(i => event.list.length)")]
    [InlineData("event.list.map(i => event.list.includes('x'))")]
    [InlineData("event.list.map(i => [...event.list].length)")]
    [InlineData("event.list.map(i => ({ ...event.wide }).a)")]
    [InlineData("event.list.map(i => `${event.long}`.length)")]
    [InlineData("event.list.map(i => event.long.trim().length)")]
    [InlineData("event.list.map(i => sha256hex(event.long).length)")]
    [InlineData("[event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide, event.wide]")]
    public void Script_ThatLooksThroughMuchForEachItem_IsLeftToTheEngine(string expression)
    {
        string list = string.Join(',', Enumerable.Repeat("{}", 3000));
        string wide = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"m{i}\":1"));
        using JsonDocument document = JsonDocument.Parse($$"""{"list":[{{list}}],"wide":{{{wide}}},"long":"{{new string('x', 3000)}}"}""");
        using var evaluation = new Evaluation(new Dictionary<string, JsonElement> { ["event"] = document.RootElement }, TestContext.Current.CancellationToken);
        SimpleScript script = SimpleScript.From(new Acornima.Parser().ParseExpression(expression, strict: true), Roots).ShouldNotBeNull();

        script.TryEvaluate(evaluation, out _).ShouldBeFalse();
    }

    [Fact]
    public void Script_ThatCallsDeeply_IsLeftToTheEngineAndItsStack()
    {
        string nested = Enumerable.Range(0, 40).Aggregate("1", (inner, n) => $"event.list.map(x{n} => {inner})");
        using JsonDocument document = JsonDocument.Parse("""{"list":[1]}""");
        using var evaluation = new Evaluation(new Dictionary<string, JsonElement> { ["event"] = document.RootElement }, TestContext.Current.CancellationToken);

        SimpleScript.From(new Acornima.Parser().ParseExpression(nested, strict: true), Roots).ShouldNotBeNull().TryEvaluate(evaluation, out _).ShouldBeFalse();
    }

    [Fact]
    public void Script_OfALargeEvent_IsLeftToTheEngineAndItsMemory()
    {
        using JsonDocument document = JsonDocument.Parse($$"""{"name":"x","long":"{{new string('x', 200_000)}}"}""");
        using var evaluation = new Evaluation(new Dictionary<string, JsonElement> { ["event"] = document.RootElement }, TestContext.Current.CancellationToken);

        SimpleScript.From(new Acornima.Parser().ParseExpression("event.name", strict: true), Roots).ShouldNotBeNull().TryEvaluate(evaluation, out _).ShouldBeFalse();
    }

    [Fact]
    public void Script_NestedDeeply_IsRefusedOrLeftToTheEngine() =>
        SimpleScript.From(new Acornima.Parser().ParseExpression("event" + string.Concat(Enumerable.Repeat(".a", 500)), strict: true), Roots).ShouldBeNull();

    [Theory]
    [InlineData("event.name === 'Phone Screen'", true)]
    [InlineData("event.deep?.a.b == null", true)]
    [InlineData("event.list[0] === 1", true)]
    [InlineData("event.name.startsWith('P')", true)]
    [InlineData("event.people.find(p => p.role === 'b')?.name", true)]
    [InlineData("event.name.replace('P', 'p')", false)]
    [InlineData("event.people.sort()", false)]
    [InlineData("event.people.map(({ name }) => name)", false)]
    [InlineData("event.people.map(async p => p)", false)]
    [InlineData("event.toString === null", false)]
    [InlineData("event.zero == '0'", false)]
    [InlineData("other.name === 'x'", false)]
    public void Expression_OfTheCommonForms_IsSimple(string expression, bool isSimple) =>
        (SimpleScript.From(new Acornima.Parser().ParseExpression(expression, strict: true), Roots) is not null).ShouldBe(isSimple);

    private static string Result(string expression) => Outcome(new MappingBench(), $$"""{"$js":{{JsonSerializer.Serialize(expression)}}}""");

    private static string ResultOfFile(string body) => Outcome(new MappingBench().With("a.js", body), """{"$file":"a.js"}""");

    private static string Outcome(MappingBench bench, string mapping)
    {
        (CompiledMapping? compiled, IReadOnlyList<Abstractions.Diagnostic> findings) = bench.TryCompile(mapping);
        if (compiled is null)
        {
            return string.Join(' ', findings.Select(f => f.Code));
        }
        try
        {
            return MappingBench.Run(compiled, Event);
        }
        catch (MappingException e)
        {
            return e.Diagnostic.Code;
        }
    }
}
