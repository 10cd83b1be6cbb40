using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>Secrets and personal data of a testbed, each text found nowhere else: whoever finds one where it must not be has found a leak.</summary>
internal sealed class Canaries
{
    private const int WebhookSecrets = 17;

    public Canaries(Dice dice)
    {
        MasterKey = dice.Bytes(32);
        ApiKey = Word("apikey", dice);
        Webhook = [.. Enumerable.Range(0, WebhookSecrets).Select(n => Word($"hook{n}", dice))];
        Person = $"Jane {Word("person", dice)}";
    }

    public byte[] MasterKey { get; }

    public string ApiKey { get; }

    /// <summary>All of them are valid; the first is signed with.</summary>
    public IReadOnlyList<string> Webhook { get; }

    /// <summary>Stands in every event.</summary>
    public string Person { get; }

    /// <summary>Everything that may be found nowhere, as bytes.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> All =>
    [
        ("master key", MasterKey),
        ("master key in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(MasterKey))),
        ("api key", Encoding.ASCII.GetBytes(ApiKey)),
        .. Webhook.Select((w, n) => ($"webhook secret {n}", Encoding.ASCII.GetBytes(w))),
        ("personal data", Encoding.ASCII.GetBytes(Person)),
    ];

    private static string Word(string name, Dice dice) => $"canary-{name}-{Convert.ToHexStringLower(SHA256.HashData(dice.Bytes(16)))[..24]}";
}
