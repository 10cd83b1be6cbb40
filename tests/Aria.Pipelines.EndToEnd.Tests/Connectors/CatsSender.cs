using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Sandbox.Webhooks;
using Aria.Pipelines.Tests.Ingress.Systems;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

/// <summary>
/// Sends the changes of CATS, signed over the body and the id of the request. Whether a delivery that failed is sent again is not documented;
/// here it is, with an id of its own each time.
/// </summary>
internal sealed class CatsSender : IInventedSender
{
    /// <summary>The secret that was given when the webhook was made.</summary>
    public const string Secret = "cats-webhook-secret-1";

    private static readonly WebhookRules Rules = new()
    {
        Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)],
        Succeeds = status => status is >= 200 and < 300,
        NewIdOnRetry = true,
        Headers = (secret, body, id) =>
        [
            ("Content-Type", "application/json"),
            ("X-Request-Id", id),
            ("X-Signature", $"HMAC-SHA256 {Signature(secret, [.. body, .. Encoding.UTF8.GetBytes(id)])}"),
        ],
    };

    private readonly WebhookSender _sender;

    public CatsSender(CatsSystem system, TimeProvider time)
    {
        _sender = new WebhookSender(Rules, time);
        system.Changed = changed => _sender.Send("pipeline", CatsSystem.Delivery(changed));
    }

    public void Connect(Uri hook) => _sender.AddTarget(hook, Secret, []);

    public Task WhenQuietAsync(CancellationToken cancellationToken) => _sender.WhenQuietAsync(cancellationToken);

    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    private static string Signature(string secret, byte[] signed) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
}
