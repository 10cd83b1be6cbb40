using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class SignatureVerifierTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    public static TheoryData<string> GitHub => Names("github-hmac.json");

    public static TheoryData<string> Sha512 => Names("hmac-sha512.json");

    public static TheoryData<string> Generated => Names("generated-hmac-formats.json");

    [Theory]
    [MemberData(nameof(GitHub))]
    public void Verify_GitHubVector_AsExpected(string name)
    {
        JsonElement vector = Find("github-hmac.json", name);
        JsonElement value = vector.GetProperty("value");
        string[] values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [value.GetString()!];
        DeliveryRefusal? refusal = Verify(Definition("X-Hub-Signature-256", "sha256="), Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!), values, vector.GetProperty("secret").GetString()!);
        string expect = vector.GetProperty("expect").GetString()!;
        // Bytes are compared, so upper-case hex is the same signature.
        DeliveryRefusal? expected = expect.StartsWith("accept", StringComparison.Ordinal) ? null
            : values.Length > 1 ? new(400, "ambiguous_signature") : new(401, "signature_invalid");
        refusal.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Sha512))]
    public void Verify_Sha512Vector_AsExpected(string name)
    {
        JsonElement vector = Find("hmac-sha512.json", name);
        SignatureDefinition definition = Definition("X-Signature", "") with { Algorithm = "hmac-sha512", Encoding = vector.GetProperty("encoding").GetString()! };
        DeliveryRefusal? refusal = Verify(definition, Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!), [vector.GetProperty("value").GetString()!], vector.GetProperty("secret").GetString()!);
        refusal.ShouldBe(vector.GetProperty("expect").GetString()!.StartsWith("accept", StringComparison.Ordinal) ? null : new(401, "signature_invalid"));
    }

    [Theory]
    [MemberData(nameof(Generated))]
    public void Verify_GeneratedVector_AcceptsItAndRefusesAChangedBody(string name)
    {
        JsonElement vector = Find("generated-hmac-formats.json", name);
        string form = name.Split('/')[0];
        SignatureDefinition definition = Plugins.Aria.Webhook!.Signature! with { Header = vector.GetProperty("header").GetString()! };
        definition = form.Contains("base64", StringComparison.Ordinal) ? definition with { Encoding = "base64", Prefixes = [""] }
            : form.StartsWith("Greenhouse", StringComparison.Ordinal) ? Plugins.Greenhouse.Webhook!.Signature! : definition;
        byte[] body = vector.GetProperty("body_b64").GetBytesFromBase64();
        string[] values = [vector.GetProperty("value").GetString()!];
        string secret = vector.GetProperty("secret").GetString()!;
        Verify(definition, body, values, secret).ShouldBeNull();
        Verify(definition, [.. body, (byte)' '], values, secret).ShouldBe(new(401, "signature_invalid"));
        Verify(definition, body, values, secret + "x").ShouldBe(new(401, "signature_invalid"));
    }

    [Fact]
    public void Verify_NoHeader_SignatureMissing() =>
        Verify(Definition("X", ""), [1], [], "s").ShouldBe(new(401, "signature_missing"));

    [Fact]
    public void Verify_NoSecret_FailsClosed()
    {
        Delivery delivery = Delivery([1], ("X", [Hex("", [1])]));
        SignatureVerifier.Verify(Definition("X", ""), delivery, [], Now).ShouldBe(new(401, "no_secret"));
    }

    [Fact]
    public void Verify_HeaderNameInOtherCase_Found() =>
        SignatureVerifier.Verify(Definition("X-Signature", ""), Delivery([1], ("x-signature", [Hex("s", [1])])), ["s"], Now).ShouldBeNull();

    [Fact]
    public void Verify_OldSecretDuringRotation_AcceptedUntilRemoved()
    {
        Delivery delivery = Delivery([1], ("X", [Hex("old", [1])]));
        SignatureVerifier.Verify(Definition("X", ""), delivery, ["new", "old"], Now).ShouldBeNull();
        SignatureVerifier.Verify(Definition("X", ""), delivery, ["new"], Now).ShouldBe(new(401, "signature_invalid"));
    }

    [Fact]
    public void Verify_SeventeenthSecret_IsNotTried()
    {
        Delivery delivery = Delivery([1], ("X", [Hex("s16", [1])]));
        IReadOnlyList<string> secrets = [.. Enumerable.Range(0, 17).Select(i => $"s{i}")];
        SignatureVerifier.Verify(Definition("X", ""), delivery, secrets, Now).ShouldBe(new(401, "signature_invalid"));
        SignatureVerifier.Verify(Definition("X", ""), delivery, [.. secrets.Skip(1)], Now).ShouldBeNull();
    }

    [Theory]
    [InlineData("1700000300", true)]
    [InlineData("1699999700", true)]
    [InlineData("1700000301", false)]
    [InlineData("1699999699", false)]
    [InlineData(" 1700000000 ", false)]
    [InlineData("1700000000.0", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    [InlineData("1700000000000", false)]
    [InlineData("99999999999999999999", false)]
    public void Verify_Timestamp_OnlyDigitsWithinTolerance(string timestamp, bool accepted)
    {
        SignatureDefinition definition = Definition("X", "") with
        {
            Parts = ["header:X-Time", "literal:.", "body"],
            Timestamp = new("X-Time", null, null, false, TimeSpan.FromMinutes(5)),
        };
        string signature = Hex("s", Encoding.UTF8.GetBytes(timestamp + ".{}"));
        Delivery delivery = Delivery("{}"u8.ToArray(), ("X", [signature]), ("X-Time", [timestamp]));
        SignatureVerifier.Verify(definition, delivery, ["s"], Now).ShouldBe(accepted ? null : new(401, "timestamp_out_of_tolerance"));
    }

    [Fact]
    public void Verify_SignedHeaderTwice_SignatureInvalid()
    {
        SignatureDefinition definition = Definition("X", "") with { Parts = ["header:X-Id", "body"] };
        Delivery delivery = Delivery([1], ("X", [Hex("s", [(byte)'a', 1])]), ("X-Id", ["a", "b"]));
        SignatureVerifier.Verify(definition, delivery, ["s"], Now).ShouldBe(new(401, "signature_invalid"));
    }

    [Fact]
    public void Verify_VendorsExampleOverHeadersAndBody_AcceptedAndEachPartIsSigned()
    {
        JsonElement vector = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Plugins.Root, "tests", "Aria.Pipelines.Tests", "Connectors", "Vectors", "smartrecruiters-signature.json")));
        byte[] body = Encoding.UTF8.GetBytes(vector.GetProperty("rawBody").GetString()!);
        (string Name, string[] Values)[] headers = [.. vector.GetProperty("headers").EnumerateObject().Select(h => (h.Name, new[] { h.Value.GetString()! }))];
        string secret = vector.GetProperty("secretKey").GetString()!;
        SignatureVerifier.Verify(OverHeaders, Delivery(body, headers), [secret], Now).ShouldBeNull();
        foreach (string changed in (string[])["smartrecruiters-timestamp", "event-id", "event-name", "event-version", "link"])
        {
            (string, string[])[] others = [.. headers.Select(h => h.Name == changed ? (h.Name, [h.Values[0] + "1"]) : h)];
            SignatureVerifier.Verify(OverHeaders, Delivery(body, others), [secret], Now).ShouldBe(new(401, "signature_invalid"), changed);
        }
        SignatureVerifier.Verify(OverHeaders, Delivery([.. body, (byte)' '], headers), [secret], Now).ShouldBe(new(401, "signature_invalid"));
    }

    [Fact]
    public void Verify_HeaderThatMayBeAbsent_CountsAsAnEmptyText()
    {
        string signature = "v1=" + Hex("s", Encoding.UTF8.GetBytes("1.{}.7.candidate.deleted.v201910."));
        (string Name, string[] Values)[] headers = [("smartrecruiters-signature", [signature]), ("smartrecruiters-timestamp", ["1"]), ("event-id", ["7"]), ("event-name", ["candidate.deleted"]), ("event-version", ["v201910"])];
        SignatureVerifier.Verify(OverHeaders, Delivery("{}"u8.ToArray(), headers), ["s"], Now).ShouldBeNull();
        SignatureVerifier.Verify(OverHeaders, Delivery("{}"u8.ToArray(), [.. headers, ("link", ["", ""])]), ["s"], Now).ShouldBe(new(401, "signature_invalid"));
        SignatureVerifier.Verify(OverHeaders, Delivery("{}"u8.ToArray(), headers[..^1]), ["s"], Now).ShouldBe(new(401, "signature_invalid"));
    }

    [Fact]
    public void Verify_SeveralSignatures_OneGoodOneIsEnoughAndStrangersAreIgnored()
    {
        SignatureDefinition definition = Definition("X", "v1=") with { Separator = ";" };
        string good = "v1=" + Hex("s", [1]);
        string old = "v1=" + Hex("old", [1]);
        Verify(definition, [1], [$"{old};{good}"], "s").ShouldBeNull();
        Verify(definition, [1], [$"{good}; v2=abc; {old}"], "s").ShouldBeNull();
        Verify(definition, [1], [$"{old};{old}"], "s").ShouldBe(new(401, "signature_invalid"));
        Verify(definition, [1], [";"], "s").ShouldBe(new(401, "signature_invalid"));
        Verify(Definition("X", "v1="), [1], [$"{old};{good}"], "s").ShouldBe(new(401, "signature_invalid"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [InlineData(32, false)]
    [InlineData(10_000, false)]
    public void Verify_GoodSignatureBehindOthers_IsFoundAmongTheFirstSixteenOnly(int before, bool found)
    {
        SignatureDefinition definition = Definition("X", "v1=") with { Separator = ";" };
        string header = string.Concat(Enumerable.Repeat($"v1={Hex("old", [1])};", before)) + "v1=" + Hex("s", [1]);

        Verify(definition, [1], [header], "s").ShouldBe(found ? null : new(401, "signature_invalid"));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a.b", false)]
    [InlineData(".", false)]
    public void Verify_HeaderBeforeTheBodyHoldsWhatEndsIt_IsRefusedThoughItIsSigned(string id, bool accepted)
    {
        SignatureDefinition definition = Definition("X", "") with { Parts = ["header:X-Id", "literal:.", "body"] };
        Delivery delivery = Delivery("{}"u8.ToArray(), ("X", [Hex("s", Encoding.UTF8.GetBytes(id + ".{}"))]), ("X-Id", [id]));

        SignatureVerifier.Verify(definition, delivery, ["s"], Now).ShouldBe(accepted ? null : new(401, "signature_invalid"));
    }

    [Fact]
    public void Verify_BlankInsideBase64_SignatureInvalid()
    {
        string signature = Convert.ToBase64String(HMACSHA256.HashData("s"u8, [1])).Insert(4, " ");
        Verify(Definition("X", "") with { Encoding = "base64" }, [1], [signature], "s").ShouldBe(new(401, "signature_invalid"));
    }

    private static SignatureDefinition OverHeaders => Definition("smartrecruiters-signature", "v1=") with
    {
        Separator = ";",
        Parts = ["header:smartrecruiters-timestamp", "literal:.", "body", "literal:.", "header:event-id", "literal:.", "header:event-name", "literal:.", "header:event-version", "literal:.", "header:link?"],
    };

    private static SignatureDefinition Definition(string header, string prefix) =>
        new(header, [prefix], "hmac-sha256", "hex", "secret", ["body"], null);

    private static DeliveryRefusal? Verify(SignatureDefinition definition, byte[] body, string[] values, string secret) =>
        SignatureVerifier.Verify(definition, values.Length == 0 ? Delivery(body) : Delivery(body, (definition.Header, values)), [secret], Now);

    private static Delivery Delivery(byte[] body, params (string Name, string[] Values)[] headers) =>
        new("POST", headers.ToDictionary(h => h.Name, h => (IReadOnlyList<string>)h.Values), new Dictionary<string, IReadOnlyList<string>>(), body, Now);

    private static string Hex(string secret, byte[] message) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message));

    private static JsonElement[] Load(string file)
    {
        JsonElement root = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Plugins.Root, "tests", "Aria.Pipelines.Tests", "Connectors", "Vectors", file)));
        return [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("cases")).EnumerateArray()];
    }

    private static JsonElement Find(string file, string name) => Load(file).First(c => c.GetProperty("name").GetString() == name);

    private static TheoryData<string> Names(string file) => [.. Load(file).Select(c => c.GetProperty("name").GetString()!)];
}
