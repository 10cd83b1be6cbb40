using System.Text.RegularExpressions;

namespace Aria.Pipelines.Tests.House;

/// <summary>
/// Whoever decides whether a delivery is authentic compares in a time that tells nothing of how much was right: a comparison that ends at the
/// first wrong byte lets a signature or token be guessed byte by byte.
/// </summary>
public sealed partial class ConstantTimeTests
{
    public static TheoryData<string> Judges => ["SignatureVerifier.cs", "HookToken.cs", "JwtVerifier.cs"];

    [Theory]
    [MemberData(nameof(Judges))]
    public void Comparison_OfWhatMakesADeliveryAuthentic_IsOfFixedTime(string file)
    {
        string text = File.ReadAllText(Path.Combine(Connectors.Plugins.Root, "engine/Aria.Pipelines/Connectors", file));

        text.ShouldContain("CryptographicOperations.FixedTimeEquals(");
        Hasty().Matches(text).Select(m => m.Value).ShouldBeEmpty();
    }

    [Fact]
    public void Judges_AreAllThatHashADelivery()
    {
        string[] found =
        [
            .. Directory.EnumerateFiles(Path.Combine(Connectors.Plugins.Root, "engine/Aria.Pipelines/Connectors"), "*.cs", SearchOption.AllDirectories)
                .Where(f => Judge().IsMatch(File.ReadAllText(f))).Select(f => Path.GetFileName(f)!),
        ];

        found.Order(StringComparer.Ordinal).ShouldBe(Judges.Select(j => j.Data).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\b(?:SequenceEqual|SequenceCompareTo|CompareOrdinal|StructuralEqualityComparer)\b", RegexOptions.None, 10_000)]
    private static partial Regex Hasty();

    /// <summary>Says why a delivery is refused.</summary>
    [GeneratedRegex(@"DeliveryRefusal\? Verify\(", RegexOptions.None, 10_000)]
    private static partial Regex Judge();
}
