using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Signs a delivery with a JSON Web Token as a connector says that its system does. It is written from the standard, not from the verifier.</summary>
/// <param name="signs">Makes a signature over a message.</param>
/// <param name="secret">What an account is given to verify with.</param>
internal sealed class JwtSigner(Func<byte[], byte[]> signs, string secret)
{
    public string Secret => secret;

    /// <summary>A signer with a key of its own.</summary>
    /// <param name="algorithm">The declared algorithm.</param>
    /// <param name="text">The shared secret, where there is one.</param>
    public static JwtSigner Create(string algorithm, string text)
    {
        byte[] key = Encoding.UTF8.GetBytes(text);
        switch (algorithm)
        {
            case "HS256":
                return new JwtSigner(m => HMACSHA256.HashData(key, m), text);
            case "HS512":
                return new JwtSigner(m => HMACSHA512.HashData(key, m), text);
            case "ES256":
                ECParameters point = Made(() => ECDsa.Create(ECCurve.NamedCurves.nistP256), c => c.ExportParameters(includePrivateParameters: true));
                return new JwtSigner(
                    m => Made(() => ECDsa.Create(point), c => c.SignData(m, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
                    Made(() => ECDsa.Create(point), c => c.ExportSubjectPublicKeyInfoPem()));
            default:
                RSAParameters numbers = Made(() => RSA.Create(2048), r => r.ExportParameters(includePrivateParameters: true));
                HashAlgorithmName hash = algorithm == "RS512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
                return new JwtSigner(m => Made(() => RSA.Create(numbers), r => r.SignData(m, hash, RSASignaturePadding.Pkcs1)), Made(() => RSA.Create(numbers), r => r.ExportSubjectPublicKeyInfoPem()));
        }
    }

    /// <summary>A signed delivery.</summary>
    /// <param name="jwt">How it is signed.</param>
    /// <param name="settings">What its claims are made of.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="at">When.</param>
    public Delivery Sign(JwtDefinition jwt, JsonElement settings, byte[] body, DateTimeOffset at)
    {
        byte[] hash = SHA256.HashData(body);
        var claims = new JsonObject
        {
            ["iat"] = at.ToUnixTimeSeconds(),
            ["exp"] = at.AddMinutes(5).ToUnixTimeSeconds(),
            [jwt.BodyClaim] = jwt.BodyEncoding switch { "base64" => Convert.ToBase64String(hash), "base64url" => Base64Url.EncodeToString(hash), _ => Convert.ToHexStringLower(hash) },
        };
        foreach ((string name, var expected) in jwt.Claims)
        {
            claims[name] = ConnectorJson.Text(expected, new Dictionary<string, JsonElement> { ["settings"] = settings });
        }
        string message = $"{Encoded(new JsonObject { ["alg"] = jwt.Algorithm, ["typ"] = "JWT" })}.{Encoded(claims)}";
        string token = $"{jwt.Prefix}{message}.{Base64Url.EncodeToString(signs(Encoding.ASCII.GetBytes(message)))}";
        var none = new Dictionary<string, IReadOnlyList<string>>();
        var carried = new Dictionary<string, IReadOnlyList<string>> { [jwt.Header ?? jwt.Query!] = [token] };
        return new Delivery("POST", jwt.Header is null ? none : carried, jwt.Header is null ? carried : none, body, at);
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part, BehaviourJson.Default.JsonNode));

    private static TResult Made<T, TResult>(Func<T> make, Func<T, TResult> use)
        where T : IDisposable
    {
        using T made = make();
        return use(made);
    }
}
