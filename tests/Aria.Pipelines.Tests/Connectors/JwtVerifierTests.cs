using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Deliveries that a JSON Web Token signs. The tokens are made here, by the RFCs and not by the verifier.</summary>
public sealed class JwtVerifierTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Body = """{"type":"made","id":"7"}""";
    private readonly ConnectorRig _rig = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _rig.Dispose();
        _rsa.Dispose();
        _curve.Dispose();
    }

    // RFC 7515, appendix A.3: the token and the key of the standard itself.
    [Fact]
    public void Token_OfTheStandard_IsSignedByItsKey()
    {
        const string Shown = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        using var curve = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0") },
        });
        string key = curve.ExportSubjectPublicKeyInfoPem();

        // It is of 2011 and says nothing of the body: that its time refuses it shows that its signature was good.
        Code("ES256", Shown, key).ShouldBe("timestamp_out_of_tolerance");
        Code("ES256", Shown.Replace("DtEhU3", "EtEhU3", StringComparison.Ordinal), key).ShouldBe("signature_invalid");
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("ES256")]
    public void Delivery_SignedByTheVendor_IsTakenOnlyWithItsBodyAndKey(string algorithm)
    {
        string token = Token(algorithm, Claims(), m => Sign(algorithm, m));

        Code(algorithm, token, Key(algorithm)).ShouldBeNull();
        Code(algorithm, token, Key(algorithm), Body + " ").ShouldBe("signature_invalid");
        Code(algorithm, token, OtherKey(algorithm)).ShouldBe("signature_invalid");
        Code(algorithm, token[..^9] + (token[^9] == 'A' ? "B" : "A") + token[^8..], Key(algorithm)).ShouldBe("signature_invalid");
        Code(algorithm, null, Key(algorithm)).ShouldBe("signature_missing");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS512")]
    public void Token_ThatNamesAnotherAlgorithm_IsRefusedWhateverSignsIt(string named)
    {
        // The public key, which anybody has, as the secret of an HMAC.
        string token = Token(named, Claims(), m => named == "none" ? [] : HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key("RS256")), m));

        Code("RS256", token, Key("RS256")).ShouldBe("signature_invalid");
    }

    [Theory]
    [InlineData("iat", -301, "timestamp_out_of_tolerance")]
    [InlineData("iat", 301, "timestamp_out_of_tolerance")]
    [InlineData("iat", -299, null)]
    [InlineData("exp", -61, "timestamp_out_of_tolerance")]
    [InlineData("exp", -59, null)]
    [InlineData("nbf", 61, "timestamp_out_of_tolerance")]
    [InlineData("nbf", 59, null)]
    public void Token_OfAnotherTime_IsRefused(string claim, int seconds, string? code)
    {
        JsonObject claims = Claims();
        claims[claim] = _rig.Time.GetUtcNow().ToUnixTimeSeconds() + seconds;

        Code("HS256", Token("HS256", claims, m => Sign("HS256", m)), Secret).ShouldBe(code);
    }

    [Fact]
    public void Token_WithoutTheTimeThatIsDeclared_IsRefused()
    {
        JsonObject claims = Claims();
        claims.Remove("iat");

        Code("HS256", Token("HS256", claims, m => Sign("HS256", m)), Secret).ShouldBe("timestamp_out_of_tolerance");
    }

    [Theory]
    [InlineData("""{"iss":"somebody"}""", "claims_invalid")]
    [InlineData("""{"aud":["others","account-1"]}""", null)]
    [InlineData("""{"aud":"others"}""", "claims_invalid")]
    [InlineData("""{"aud":null}""", "claims_invalid")]
    public void Token_ForSomebodyElse_IsRefused(string changes, string? code)
    {
        JsonObject claims = Claims();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
        {
            claims[name] = value?.DeepClone();
        }

        Code("HS256", Token("HS256", claims, m => Sign("HS256", m)), Secret).ShouldBe(code);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("e30=.e30.e30")]
    [InlineData("e30.W10.e30")]
    public void Token_ThatIsNone_IsRefused(string token) => Code("HS256", token, Secret).ShouldBe("signature_invalid");

    [Fact]
    public void Key_IsBeingReplaced_OldAndNewAreGood()
    {
        string token = Token("RS256", Claims(), m => Sign("RS256", m));

        Code("RS256", token, OtherKey("RS256"), Body, Key("RS256")).ShouldBeNull();
        Code("RS256", token, "no key at all", Body, Key("RS256")).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "header": "Authorization", "algorithm": "RS256", "secret": "hook" }""", "error ARIA3006: The token does not cover the body.")]
    [InlineData("""{ "header": "A", "query": "b", "algorithm": "RS256", "secret": "hook", "body": { "claim": "c" } }""", "error ARIA3013: A token is in exactly one place. Write 'header' or 'query'.")]
    [InlineData("""{ "header": "A", "algorithm": "none", "secret": "hook", "body": { "claim": "c" } }""", "'none'")]
    public void Definition_ThatProvesNothing_IsAnError(string jwt, string finding)
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(new TestFolder(Definition(jwt)).With("made.json", Body), null, new MappingCompiler(), bag);

        bag.Items.Select(d => d.ToString()).ShouldContain(d => d.Contains(finding, StringComparison.Ordinal));
    }

    private static string Definition(string jwt) => $$$"""
        {
          "connector": "tokens", "version": "1.0.0", "contract": 1, "title": "Tokens",
          "settings": { "hook": { "type": "secret" }, "account": { "type": "string", "default": "account-1" } },
          "http": { "baseUrl": "https://tokens.example" },
          "webhook": { "jwt": {{{jwt}}}, "type": "/type", "dedupe": ["/id"] },
          "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": {}, "samples": [{ "constructed": "made.json" }] } }
        }
        """;

    private static string Token(string algorithm, JsonObject claims, Func<byte[], byte[]> sign)
    {
        string message = $"{Encoded(new JsonObject { ["typ"] = "JWT", ["alg"] = algorithm })}.{Encoded(claims)}";
        return $"{message}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(message)))}";
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private JsonObject Claims() => new()
    {
        ["iss"] = "tokens.example", ["aud"] = "account-1", ["iat"] = _rig.Time.GetUtcNow().ToUnixTimeSeconds(),
        ["body_sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body))),
    };

    private byte[] Sign(string algorithm, byte[] message) => algorithm switch
    {
        "HS256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), message),
        "HS512" => HMACSHA512.HashData(Encoding.UTF8.GetBytes(Secret), message),
        "RS256" => _rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS512" => _rsa.SignData(message, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        _ => _curve.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
    };

    private string Key(string algorithm) => algorithm[0] switch { 'H' => Secret, 'R' => _rsa.ExportSubjectPublicKeyInfoPem(), _ => _curve.ExportSubjectPublicKeyInfoPem() };

    private static string OtherKey(string algorithm)
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return algorithm[0] switch { 'H' => "another secret of 32 characters!", 'R' => rsa.ExportSubjectPublicKeyInfoPem(), _ => curve.ExportSubjectPublicKeyInfoPem() };
    }

    private string? Code(string algorithm, string? token, string key, string body = Body, params string[] more)
    {
        Connector connector = Plugins.Read(new TestFolder(Definition($$$"""
            { "header": "Authorization", "prefix": "Bearer ", "algorithm": "{{{algorithm}}}", "secret": "hook", "tolerance": "5m", "claims": { "iss": "tokens.example", "aud": "{{ settings.account }}" }, "body": { "claim": "body_sha256" } }
            """)).With("made.json", Body));
        string[] names = [.. more.Prepend(key).Select((_, i) => $"hook-{i}")];
        foreach ((string name, string value) in names.Zip(more.Prepend(key)))
        {
            _rig.Secrets[name] = value;
        }
        Connection connection = Plugins.Connect(connector) with { SecretNames = new Dictionary<string, IReadOnlyList<SecretName>> { ["hook"] = [.. names.Select(n => new SecretName(n))] } };
        var headers = new Dictionary<string, IReadOnlyList<string>>();
        if (token is not null)
        {
            headers["Authorization"] = [$"Bearer {token}"];
        }
        return _rig.Receiver.Receive(connection, new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes(body), _rig.Time.GetUtcNow())).RejectCode;
    }
}
