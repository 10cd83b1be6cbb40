using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aria.Pipelines.Outbound;

/// <summary>Authorities of an account's own, in place of those that the machine trusts. Names and dates count as ever. Two are equal when they hold the same certificates.</summary>
internal sealed class TrustedAuthority : IEquatable<TrustedAuthority>
{
    private readonly X509Certificate2Collection _roots;
    private readonly string _thumbprints;

    private TrustedAuthority(X509Certificate2Collection roots)
    {
        _roots = roots;
        _thumbprints = string.Join(',', roots.Select(r => r.GetCertHashString(HashAlgorithmName.SHA256)).Order(StringComparer.Ordinal));
    }

    /// <summary>The subjects, for people.</summary>
    public string Subjects => string.Join(", ", _roots.Select(r => $"'{r.Subject}'"));

    /// <summary>What a handshake holds a target to.</summary>
    public X509ChainPolicy ChainPolicy
    {
        get
        {
            // Nothing is fetched on a target's word: it sends the certificates between its own and the authority's.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            policy.CustomTrustStore.AddRange(_roots);
            return policy;
        }
    }

    /// <summary>Reads PEM texts with one certificate or several.</summary>
    /// <exception cref="CryptographicException">One of them holds no certificate.</exception>
    public static TrustedAuthority FromPem(IEnumerable<string> texts)
    {
        var roots = new X509Certificate2Collection();
        foreach (string text in texts)
        {
            int before = roots.Count;
            roots.ImportFromPem(text);
            if (roots.Count == before)
            {
                throw new CryptographicException("The text holds no certificate.");
            }
        }
        return new TrustedAuthority(roots);
    }

    public bool Equals(TrustedAuthority? other) => other is not null && other._thumbprints == _thumbprints;

    public override bool Equals(object? obj) => Equals(obj as TrustedAuthority);

    public override int GetHashCode() => _thumbprints.GetHashCode(StringComparison.Ordinal);
}
