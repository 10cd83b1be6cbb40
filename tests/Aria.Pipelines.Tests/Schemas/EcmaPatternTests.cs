using System.Text.RegularExpressions;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

public sealed class EcmaPatternTests
{
    [Theory]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^\s$", "\ufeff", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^..$", "😀", false)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData("^[^a]{2}$", "😀", false)]
    [InlineData("^[^😀]$", "😀", false)]
    [InlineData("^[^😀]$", "😁", true)]
    [InlineData("^[😀-😂]$", "😁", true)]
    [InlineData("^[😀-😂]$", "😃", false)]
    [InlineData(@"^[\u{10000}-\u{10FFFF}]$", "😀", true)]
    [InlineData(@"^\uD83D\uDE00$", "😀", true)]
    [InlineData("^😀{2}$", "😀😀", true)]
    [InlineData(@"^[\w.-]+$", "a-b.c", true)]
    [InlineData(@"^[\d-x]+$", "1-x", true)]
    [InlineData(@"^[a-\d]+$", "a-1", true)]
    [InlineData("^[a-z&&[b]]$", "b]", true)]
    [InlineData("[]", "a", false)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData(@"^\p{Letter}+$", "né", true)]
    [InlineData(@"^\P{L}$", "1", true)]
    [InlineData(@"^[\p{Lu}\d]+$", "É1", true)]
    [InlineData(@"\bé", "aé", true)]
    [InlineData(@"^(a)\1$", "aa", true)]
    [InlineData(@"^(?<x>a)\k<x>$", "aa", true)]
    [InlineData("^(?!a)b", "b", true)]
    [InlineData(@"^\cJ$", "\n", true)]
    [InlineData(@"^[\b]$", "\b", true)]
    [InlineData(@"^\/\-$", "/-", true)]
    public void TryCreate_EcmaSemantics_AreKept(string pattern, string text, bool matches)
    {
        EcmaPattern.TryCreate(pattern, TimeSpan.FromSeconds(1), out Regex? regex, out string? problem).ShouldBeTrue(problem);

        regex!.IsMatch(text).ShouldBe(matches);
    }

    [Theory]
    [InlineData(@"\a", @"'\a' is not part of ECMA regular expressions")]
    [InlineData(@"a\", @"it ends with a single '\'")]
    [InlineData("(?i)a", "groups of this kind are not part of ECMA regular expressions")]
    [InlineData("(?>a)", "groups of this kind are not part of ECMA regular expressions")]
    [InlineData("[z-a]", "a range in '[…]' runs backwards")]
    [InlineData(@"\p{Script=Greek}", @"the property 'Script=Greek' of '\p' is not supported; use a general category such as 'Letter' or 'Nd'")]
    [InlineData(@"\u{110000}", @"'\u{…}' needs the number of a character")]
    [InlineData(@"\u12", "an escape needs 4 hexadecimal digits")]
    [InlineData("a**", "nested quantifiers not parenthesized")]
    public void TryCreate_OtherSyntax_SaysWhy(string pattern, string expected)
    {
        EcmaPattern.TryCreate(pattern, TimeSpan.FromSeconds(1), out _, out string? problem).ShouldBeFalse();

        problem.ShouldBe(expected);
    }
}
