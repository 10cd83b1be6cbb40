using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Webhooks;
using Aria.Pipelines.Tests.Ingress.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>Sends the changes of a system that does not wait to be asked.</summary>
internal interface IInventedSender : IAsyncDisposable
{
    /// <summary>Where they go.</summary>
    void Connect(Uri hook);

    /// <summary>Completes when every delivery was tried.</summary>
    Task WhenQuietAsync(CancellationToken cancellationToken);
}

/// <summary>Sends the changes of Relay, each with a JSON Web Token that says who sends, when, and what. It wants exactly 202.</summary>
internal sealed class InventedSender : IInventedSender
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebhookSender _sender;

    public InventedSender(RelaySystem system, TimeProvider time)
    {
        var rules = new WebhookRules
        {
            Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)],
            Succeeds = status => status == 202,
            Headers = (_, body, _) => [("Authorization", $"Bearer {Token(body, time.GetUtcNow())}")],
        };
        _sender = new WebhookSender(rules, time);
        system.Changed = changed => _sender.Send("application.changed", RelaySystem.Delivery(changed));
    }

    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public void Connect(Uri hook) => _sender.AddTarget(hook, "", []);

    public Task WhenQuietAsync(CancellationToken cancellationToken) => _sender.WhenQuietAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        _key.Dispose();
    }

    private string Token(byte[] body, DateTimeOffset at)
    {
        var claims = new JsonObject { ["iss"] = "relay", ["iat"] = at.ToUnixTimeSeconds(), ["body_sha256"] = Base64Url.EncodeToString(SHA256.HashData(body)) };
        string message = $"{Encoded(new JsonObject { ["alg"] = "RS256" })}.{Encoded(claims)}";
        return $"{message}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(message), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
