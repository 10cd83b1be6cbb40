using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The published deliveries of Standard Webhooks and Stripe, against signatures as a connector of such a sender declares them.</summary>
public sealed class StandardVectorTests
{
    private static readonly Lazy<SignatureDefinition> StandardSignature = new(() => Declared("""
        { "header": "webhook-signature", "separator": " ", "prefix": "v1,", "algorithm": "hmac-sha256", "encoding": "base64", "secret": "secret", "key": "base64",
          "parts": ["header:webhook-id", "literal:.", "header:webhook-timestamp", "literal:.", "body"], "timestamp": { "header": "webhook-timestamp" } }
        """));

    private static readonly Lazy<SignatureDefinition> StripeSignature = new(() => Declared("""
        { "header": "Stripe-Signature", "separator": ",", "prefix": "v1=", "algorithm": "hmac-sha256", "secret": "secret",
          "parts": ["timestamp", "literal:.", "body"], "timestamp": { "prefix": "t=" } }
        """));

    public static TheoryData<string> Standard => Names("standard-webhooks.json");

    public static TheoryData<string> Stripe => Names("stripe.json");

    [Theory]
    [MemberData(nameof(Standard))]
    public void Verify_StandardWebhooksVector_AsExpected(string name)
    {
        JsonElement vector = Find("standard-webhooks.json", name);
        byte[] body = vector.GetProperty("body_b64") is { ValueKind: JsonValueKind.String } raw ? raw.GetBytesFromBase64() : Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!);
        string[] secrets = [.. vector.GetProperty("secrets").EnumerateArray().Select(s => s.GetString()!)];
        int times = vector.TryGetProperty("repeat", out JsonElement repeat) ? repeat.GetInt32() : 1;
        foreach (bool upperCase in (bool[])[false, true])
        {
            var headers = vector.GetProperty("headers").EnumerateObject().ToDictionary(
                h => upperCase ? h.Name.ToUpperInvariant() : h.Name, h => h.Name == "webhook-signature" ? string.Join(' ', Enumerable.Repeat(h.Value.GetString()!, times)) : h.Value.GetString()!);

            Verify(StandardSignature.Value, body, headers, secrets, vector).ShouldBe(Expected(vector));
        }
    }

    [Theory]
    [MemberData(nameof(Stripe))]
    public void Verify_StripeVector_AsExpected(string name)
    {
        JsonElement vector = Find("stripe.json", name);
        byte[] body = File.ReadAllBytes(At(vector.GetProperty("body_file").GetString()!));
        var headers = new Dictionary<string, string> { [vector.GetProperty("header").GetString()!] = vector.GetProperty("value").GetString()! };

        Verify(StripeSignature.Value, body, headers, [vector.GetProperty("secret").GetString()!], vector).ShouldBe(Expected(vector));
    }

    [Fact]
    public void Vectors_AreThere() => (Standard.Count, Stripe.Count).ShouldBe((39, 11));

    /// <summary>A body that is refused later is authentic first; a secret that is none makes nothing authentic.</summary>
    private static bool Expected(JsonElement vector) => vector.GetProperty("expect").GetString()!.StartsWith("accept", StringComparison.Ordinal);

    /// <summary>True when the delivery is authentic; a refusal is the sender's, never a failure of ours.</summary>
    private static bool Verify(SignatureDefinition definition, byte[] body, Dictionary<string, string> headers, string[] secrets, JsonElement vector)
    {
        definition.Timestamp!.Tolerance.TotalSeconds.ShouldBe(vector.GetProperty("tolerance_s").GetInt32());
        var now = DateTimeOffset.FromUnixTimeSeconds(vector.GetProperty("now").GetInt64());
        var delivery = new Delivery("POST", headers.ToDictionary(h => h.Key, h => (IReadOnlyList<string>)[h.Value]), new Dictionary<string, IReadOnlyList<string>>(), body, now);
        DeliveryRefusal? refusal = SignatureVerifier.Verify(definition, delivery, secrets, now);
        (refusal?.Status ?? 401).ShouldBe(401);
        return refusal is null;
    }

    private static SignatureDefinition Declared(string signature)
    {
        const string Connector = """
            { "connector": "standard", "version": "1.0.0", "contract": 1, "title": "Standard", "settings": { "secret": { "type": "secret" } }, "http": { "baseUrl": "https://a.example" },
              "webhook": { "signature": SIGNATURE, "type": "/type" },
              "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [ { "constructed": "made.json" } ] } } }
            """;
        return Plugins.Read(new TestFolder(Connector.Replace("SIGNATURE", signature, StringComparison.Ordinal)).With("made.json", """{ "type": "made", "id": 1 }""")).Webhook.ShouldNotBeNull().Signature.ShouldNotBeNull();
    }

    private static TheoryData<string> Names(string file) => [.. Load(file).Select(c => c.GetProperty("name").GetString()!)];

    private static JsonElement Find(string file, string name) => Load(file).Single(c => c.GetProperty("name").GetString() == name);

    private static JsonElement[] Load(string file)
    {
        JsonElement root = JsonElement.Parse(File.ReadAllBytes(At(file)));
        return [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("cases")).EnumerateArray()];
    }

    private static string At(string file) => Path.Combine(Plugins.Root, "tests", "Aria.Pipelines.Tests", "Connectors", "Vectors", file);
}
