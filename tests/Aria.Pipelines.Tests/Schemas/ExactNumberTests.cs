using System.Text.Json;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

public sealed class ExactNumberTests
{
    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("1e2", "100", 0)]
    [InlineData("-0", "0.0e9", 0)]
    [InlineData("0.1", "0.10000000000000000000000000000000001", -1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("100000000000000000000000000000000000001", "100000000000000000000000000000000000000", 1)]
    [InlineData("-1e400", "-1e399", -1)]
    [InlineData("1e-400", "0", 1)]
    [InlineData("1e99999999999999999999", "5", 1)]
    [InlineData("12e1", "1.2e2", 0)]
    public void Compare_NumbersOfAnySize_IsExact(string left, string right, int expected)
    {
        Math.Sign(new ExactNumber(SchemaText.Json(left)).Compare(new ExactNumber(SchemaText.Json(right)))).ShouldBe(expected);
        Math.Sign(new ExactNumber(SchemaText.Json(right)).Compare(new ExactNumber(SchemaText.Json(left)))).ShouldBe(-expected);
    }

    [Theory]
    [InlineData("0.3", "0.1", true)]
    [InlineData("19.99", "0.01", true)]
    [InlineData("19.995", "0.01", false)]
    [InlineData("1e308", "0.123456789", false)]
    [InlineData("1e999999999999", "8", true)]
    [InlineData("1e999999999999", "3", false)]
    [InlineData("3e-999999999999", "3", false)]
    [InlineData("123456789012345678901234567890", "10", true)]
    [InlineData("123456789012345678901234567891", "10", false)]
    [InlineData("111111111111111111111111111111111111111111", "3", true)]
    [InlineData("0e5", "7e40", true)]
    [InlineData("-9e30", "3e30", true)]
    public void IsMultipleOf_NumbersOfAnySize_IsExact(string value, string divisor, bool expected) =>
        new ExactNumber(SchemaText.Json(value)).IsMultipleOf(new ExactNumber(SchemaText.Json(divisor))).ShouldBe(expected);

    [Theory]
    [InlineData("1.0", true)]
    [InlineData("1.50", false)]
    [InlineData("15e-1", false)]
    [InlineData("150e-1", true)]
    [InlineData("0.00000", true)]
    [InlineData("1e400", true)]
    public void IsInteger_AnySpelling_GoesByValue(string number, bool expected) => new ExactNumber(SchemaText.Json(number)).IsInteger.ShouldBe(expected);

    [Fact]
    public void Equality_SpellingsOfOneValue_AreEqualWithEqualHashes()
    {
        JsonElement one = SchemaText.Json("""{ "a": [1.0, "é", true], "b": { "c": null } }""");
        JsonElement other = SchemaText.Json("""{ "b": { "c": null }, "a": [10e-1, "\u00e9", true] }""");

        JsonEquality.Instance.Equals(one, other).ShouldBeTrue();
        JsonEquality.Instance.GetHashCode(one).ShouldBe(JsonEquality.Instance.GetHashCode(other));
    }
}
