using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Mapping;

public sealed class MappingFunctionTests
{
    private readonly MappingBench _bench = new();

    [Theory]
    [InlineData("canonicalEmail(event.email)", "aria.canonical_email event.email", "\"zo\\u00EB@xn--mnchen-3ya.de\"")]
    [InlineData("round(1.005, 2)", "aria.round 1.005 2", "1.01")]
    [InlineData("round(8.25, 1)", "aria.round 8.25 1", "8.3")]
    [InlineData("round(-2.5, 0)", "aria.round (-2.5) 0", "-3")]
    [InlineData("base64('Zoë')", "aria.base64 'Zoë'", "\"Wm/Dqw==\"")]
    [InlineData("sha256hex('')", "aria.sha256_hex ''", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"")]
    [InlineData("escapeHtml('<a b=\"1\">&\\'')", "aria.escape_html '<a b=\"1\">&\\''", "\"\\u0026lt;a b=\\u0026quot;1\\u0026quot;\\u0026gt;\\u0026amp;\\u0026#39;\"")]
    [InlineData("truncate('abcdef', 4)", "aria.truncate 'abcdef' 4", "\"abc\\u2026\"")]
    [InlineData("truncate('abc', 3)", "aria.truncate 'abc' 3", "\"abc\"")]
    [InlineData("truncate('a👩🏽‍💻b', 5)", "aria.truncate 'a👩🏽‍💻b' 5", "\"a\\u2026\"")]
    [InlineData("truncate(null, 5)", "aria.truncate null 5", "null")]
    [InlineData("sha256hex(null)", "aria.sha256_hex null", "null")]
    public void Function_InBothLanguages_GivesTheSame(string script, string template, string expected)
    {
        const string Event = """{ "email": " Zoe\u0308@MÜNCHEN.de " }""";

        _bench.Eval(MappingBench.Js(script), Event).ShouldBe(expected);
        _bench.Eval(MappingBench.Template($"{{{{ {template} }}}}"), Event).ShouldBe(expected);
    }

    [Fact]
    public void Function_OfUndefined_SaysSo() =>
        _bench.Fails(MappingBench.Js("sha256hex(event.nope)")).Summary.ShouldBe("'sha256hex' was called with undefined.");

    [Theory]
    [InlineData("", "the address is empty")]
    [InlineData("zoe", "there is no '@'")]
    [InlineData("@x.de", "the part before '@' is empty")]
    [InlineData("zoe@", "the part after '@' is empty")]
    [InlineData("a b@x.de", "the part before '@' contains a space")]
    [InlineData("a@b@x.de", "the part before '@' contains '@'")]
    [InlineData(".zoe@x.de", "the part before '@' begins or ends with a dot, or has two dots together")]
    [InlineData("zo..e@x.de", "the part before '@' begins or ends with a dot, or has two dots together")]
    [InlineData("zoe@x..de", "the part after '@' begins or ends with a dot, or has two dots together")]
    [InlineData("zoe@-x.de", "'-x' after '@' begins or ends with '-'")]
    [InlineData("zoe@x_y.de", "the part after '@' is not a domain name")]
    [InlineData("zoe@x.de\r\nBcc: a@b.c", "the address contains a control character or broken text")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@x.de", "the part before '@' is longer than 64 bytes")]
    public void Problem_NamesTheWrongPart(string address, string problem) => EmailAddress.Problem(address).ShouldBe(problem);

    [Theory]
    [InlineData("zoe@example.com")]
    [InlineData("zoe+aria@example.co.uk")]
    [InlineData("o'brien@example.com")]
    [InlineData("zoë@münchen.de")]
    [InlineData("\"a b\"@example.com")]
    public void Problem_ValidAddress_IsNull(string address) => EmailAddress.Problem(address).ShouldBeNull();

    [Theory]
    [InlineData(" Zoe@Example.COM ", "zoe@example.com")]
    [InlineData("zoe@MÜNCHEN.de", "zoe@xn--mnchen-3ya.de")]
    [InlineData("Not An Address", "not an address")]
    [InlineData("a@-b", "a@-b")]
    public void Canonical_IsTheKey(string address, string key) => EmailAddress.Canonical(address).ShouldBe(key);
}
