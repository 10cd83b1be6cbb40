using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Mapping;

/// <summary>
/// The hostile scripts and templates of <c>Vectors/script-attacks.json</c>, translated from the expressions of its authors to sources of
/// our two languages. Each must end in one of the codes named, at load or at run, or in the harmless result named; that the process
/// lives is shown by the runner going on.
/// </summary>
public sealed class ScriptAttackTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Mapping/Vectors/script-attacks.json"))).RootElement.GetProperty("cases");

    /// <summary>Cases of the vectors that exercise the host's own parsers or attack objects we never hand to a script.</summary>
    private static readonly string[] OtherRooms = ["json-", "regex-", "xml", "jint-untrusted"];

    public static TheoryData<string, string, string> Rows { get; } = new()
    {
        { "jint-loop", "js-body:while(true){} return 1", "script_statements,script_timeout" },
        { "jint-recur", "js:(function f(){return f()+1})()", "script_recursion" },
        { "jint-mem", "js-body:let a=[];for(;;)a.push('x'.repeat(1000)+a.length); return a", "script_memory,script_timeout" },
        { "jint-repeat", "js:'x'.repeat(2**29).length", "script_memory,script_timeout" },
        { "jint-padstart", "js:'x'.padStart(2**29).length", "script_memory,script_timeout" },
        { "jint-concat", "js-body:let s='x';for(let i=0;i<40;i++)s+=s;return s.length", "script_memory,script_timeout" },
        { "jint-array", "js:new Array(1e9).fill(1).length", "script_memory,script_timeout" },
        { "jint-regex", "js:/^(a+)+$/.test('a'.repeat(40)+'!')", "script_regex_timeout" },
        { "jint-deep", "js:" + new string('(', 20_000) + "1" + new string(')', 20_000), "ARIA5001" },
        { "jint-deep-arr", "js:" + new string('[', 20_000) + new string(']', 20_000), "ARIA5001" },
        { "jint-jsonparse", "js:JSON.parse('['.repeat(100000)+']'.repeat(100000)).length", "script_error" },
        { "jint-jsonstr", "js-body:let a=[];let b=a;for(let i=0;i<20000;i++){let c=[];b.push(c);b=c};return JSON.stringify(a).length", "script_stack,script_timeout,script_memory" },
        { "jint-sort", "js-body:let a=[];for(let i=0;i<9000;i++)a.push(i);return a.sort((x,y)=>{while(true){}})", "script_memory,script_statements" },
        { "jint-proto", "js-body:Object.prototype.evil=true;Array.prototype.map=()=>2;return ({}).evil", "=true" },
        { "jint-proto", "js:({}).evil === undefined && [1].map(x => x)[0] === 1", "=true" },
        { "jint-proto", "js:Object.assign({}, JSON.parse('{\"__proto__\":{\"a\":1}}')).a === undefined", "=false" },
        { "jint-clr", "js:System.IO.File.ReadAllText('/etc/passwd')", "ARIA5003" },
        { "jint-gettype", "js:event.GetType().Assembly.FullName", "script_error" },
        { "jint-clrwrite", "js-body:event.name = 'hacked'; return event.name", "=\"hacked\"" },
        { "jint-eval", "js:eval('1+1')", "ARIA5003" },
        { "jint-eval", "js:[].map.constructor('return 1')()", "script_error" },
        { "jint-eval", "js:(function*(){}).constructor('yield 1')().next().value", "script_error" },
        { "jint-bigint", "js:(2n**(2n**28n)).toString().length", "ARIA5009" },
        { "jint-split", "js:'x'.repeat(4000000).split('').length", "script_memory,script_timeout" },
        { "jint-proto", "js:({get x(){while(true){}}})", "script_error" },
        { "jint-recur", "js-body:const o={toString(){return ''+o}};return ''+o", "script_recursion,script_stack" },
        { "jint-recur", "js-body:const o={};o.o=o;return o", "script_error" },
        { "jint-recur", "js-body:const o={get x(){return this.x}};return o.x", "script_recursion,script_stack" },
        { "jint-recur", "js-body:const a=[];a[0]=a;return JSON.stringify(a)", "script_error" },
        { "jint-sort", "js-body:const a=[];a.length=4000000000;return a", "script_memory,result_too_large" },
        { "jint-split", "js:'x'.repeat(1000000)+'x'.repeat(100000)", "result_too_large" },
        { "jint-bigint", "js:[1].map.constructor.prototype.constructor === undefined", "=false" },
        { "jint-clr", "js:new Proxy({}, {})", "ARIA5003" },
        { "jint-clr", "js:Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", "ARIA5003" },
        { "jint-clr", "js:typeof globalThis", "ARIA5003" },
        { "jint-clr", "js:(function(){return this})() === undefined && this === undefined", "=true" },
        { "jint-proto", "js:(async () => 1)()", "ARIA5009" },
        { "jint-loop", "js-body:for(const x of (function*(){while(true)yield 1})()){} return 1", "script_statements,script_timeout" },
        { "jint-mem", "js-body:const m=new Map();for(let i=0;;i++)m.set(i,'x'.repeat(1000)+i);return 1", "script_memory,script_timeout" },
        { "jint-mem", "js:Array.from({length: 1e9}).length", "script_memory,script_timeout" },
        { "jint-repeat", "js:'x'.repeat(2**28).length", "script_memory" },
        { "jint-repeat", "js:''.repeat(1e9) + 'ab'.repeat(2)", "=\"abab\"" },
        { "jint-mem", "js:'x'.repeat(1e6).replace(/x/g, 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy').length", "script_memory,script_timeout" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6);return s.replace(/x/g,s).length", "script_memory,script_error" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6),a=[];for(let i=0;i<5000;i++)a.push(s);return a.join('').length", "script_memory" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6);return `${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}${s}`.length", "script_memory" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6);return JSON.stringify(new Array(5000).fill(s)).length", "script_memory" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6),a=[];for(let i=0;i<5000;i++)a.push(s);return JSON.stringify({a}).length", "script_memory" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6),a=[];for(let i=0;i<5000;i++)a.push(s);return ''.concat(...a).length", "script_memory" },
        { "jint-mem", "js-body:const s='x'.repeat(1e6),a=[];for(let i=0;i<5000;i++)a.push(s);return String([a]).length", "script_memory" },
        { "jint-mem", "js:'x'.repeat(1e5).replace(/x/g, \"$'\").length", "script_memory" },
        { "jint-loop", "js-body:let i=0;for(;;){i++;i++;i++;i++;i++;i++;i++;i++;if(i%800===0){'a'.replace('a','b');[1,2].join();'x'.repeat(2)}} return 1", "script_statements,script_timeout" },
        { "jint-recur", "js-body:const f=()=>'a'.replace('a', f);return f()", "script_recursion,script_stack" },
        { "jint-regex", "js:new RegExp('^(a+)+$').test('a'.repeat(40)+'!')", "script_regex_timeout" },
        { "scr-loop", "scr:{{for i in 1..1000000000}}x{{end}}", "template_limit" },
        { "scr-nested", "scr:{{for i in 1..900}}{{for j in 1..900}}{{for k in 1..900}}x{{end}}{{end}}{{end}}", "template_limit" },
        { "scr-parens", "scr:{{" + new string('(', 50_000) + "1" + new string(')', 50_000) + "}}", "ARIA5002,ARIA5007" },
        { "scr-parens", "scr:{{" + new string('(', 40_000) + "1" + new string(')', 40_000) + "}}", "ARIA5002" },
        { "scr-arr", "scr:{{" + new string('[', 40_000) + new string(']', 40_000) + "}}", "ARIA5002" },
        { "scr-mul", "scr:{{ x = [1,2,3] * 1000000000; x.size }}", "template_limit" },
        { "scr-strmul", "scr:{{ ('x' * 1000000000) | string.size }}", "template_limit" },
        { "scr-pad", "scr:{{ 'x' | string.pad_left 2000000000 | string.size }}", "template_limit" },
        { "scr-insert", "scr:{{ a=[1]; a = array.insert_at a 2000000000 1; a.size }}", "template_limit" },
        { "scr-recur", "scr:{{func f(x);f(x);end;f(1)}}", "template_limit" },
        { "scr-json-cycle", "scr:{{ a = {}; a.b = a; a | object.to_json }}", "template_limit" },
        { "scr-render-cycle", "scr:{{ a = {}; a.b = a; a }}", "template_limit" },
        { "scr-regex", "scr:{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex.match '^(a+)+$' }}", "script_regex_timeout" },
        { "scr-clr-private", "scr:{{ event.name = 'hacked' }}", "template_error" },
        { "scr-clr-private", "scr:{{ event.priv = 'pwned' }}", "template_error" },
        { "scr-shift", "scr:{{ (1 << 2000000000) | string.size }}", "template_limit" },
        { "scr-pow", "scr:{{ (1..2000000000) | array.size }}", "template_limit" },
        { "scr-undefined", "scr:{{ nope.x }}", "ARIA5003" },
        { "scr-inject", "scr:{{ event.first }}", "=\"{{ 1+1 }} <script>\\r\\n\"" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Attack_EndsInACodeOrIsHarmless(string name, string source, string expected)
    {
        Cases.EnumerateArray().ShouldContain(c => c.GetProperty("name").GetString() == name);
        const string Event = """{ "name": "Zoë", "first": "{{ 1+1 }} <script>\r\n" }""";

        string outcome = Outcome(source, Event);

        if (expected.StartsWith('='))
        {
            outcome.ShouldBe(expected[1..].Replace("<", "\\u003C", StringComparison.Ordinal).Replace(">", "\\u003E", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal));
        }
        else
        {
            expected.Split(',').ShouldContain(outcome);
        }
    }

    /// <summary>Work is counted, so an attack ends after as much of it on a busy machine as on a free one.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Attack_HoweverItEnds_AllocatesNoMoreThanTheLimitAllows(string name, string source, string expected)
    {
        const long Most = 150_000_000;
        long before = GC.GetAllocatedBytesForCurrentThread();

        string outcome = Outcome(source, """{ "name": "Zoë", "first": "x" }""");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Most, $"{name} {outcome} {expected}");
    }

    /// <summary>Few statements, no memory, and each of them long: only the clock ends it.</summary>
    [Fact]
    public void Attack_OfFewLongStatements_EndsByTheTimeOfAScript()
    {
        MappingLimits.Time.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1.5));
        MappingBench bench = new MappingBench().With("long.js", "const s = 'x'.repeat(1000000); let n = 0; for (let i = 0; i < 30000; i++) n += s.lastIndexOf('yx'); return n;");

        bench.Fails("""{ "$file": "long.js" }""").Code.ShouldBe("script_timeout");
    }

    [Theory]
    [InlineData("'x'.repeat(2**28).length")]
    [InlineData("'x'.repeat(1e6).replace(/x/g, 'y'.repeat(100)).length")]
    [InlineData("JSON.stringify(new Array(5000).fill('x'.repeat(1e5))).length")]
    public void HugeText_IsRefusedBeforeItIsMade(string script)
    {
        CompiledMapping mapping = new MappingBench().Compile(MappingBench.Js(script));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<MappingException>(() => MappingBench.Run(mapping, "{}")).Diagnostic.Code.ShouldBe("script_memory");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(40_000_000);
    }

    [Fact]
    public void Rows_CoverEveryCaseOfScriptsAndTemplates()
    {
        IEnumerable<string> names = Cases.EnumerateArray().Select(c => c.GetProperty("name").GetString()!).Where(n => !OtherRooms.Any(n.StartsWith));

        names.Except(Rows.Select(r => r.Data.Item1)).ShouldBeEmpty();
    }

    private static string Outcome(string source, string eventJson)
    {
        (string kind, string text) = (source[..source.IndexOf(':', StringComparison.Ordinal)], source[(source.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        MappingBench bench = new MappingBench().With("attack.js", text);
        string json = kind switch
        {
            "js" => MappingBench.Js(text),
            "js-body" => """{ "$file": "attack.js" }""",
            _ => MappingBench.Template(text),
        };
        (CompiledMapping? mapping, IReadOnlyList<Diagnostic> findings) = bench.TryCompile(json);
        if (mapping is null)
        {
            return findings[0].Code;
        }
        try
        {
            return MappingBench.Run(mapping, eventJson);
        }
        catch (MappingException e)
        {
            e.Diagnostic.File.ShouldNotBeNull();
            return e.Diagnostic.Code;
        }
    }
}
