using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aria.Pipelines.Sandbox.Certificates;

/// <summary>A certificate authority that lives as long as its process: made at start, its key in memory only.</summary>
public sealed class SandboxAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);
    private static readonly TimeSpan Usual = TimeSpan.FromDays(730);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes an authority.</summary>
    /// <param name="name">Its common name.</param>
    public SandboxAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Certificate = request.CreateSelfSigned(now - Life, now + Life);
    }

    /// <summary>Its own certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its own certificate as PEM text, for those who are to trust it.</summary>
    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>Issues a certificate to a server.</summary>
    /// <param name="host">Its name or address.</param>
    /// <param name="from">Its first moment; null for an hour ago.</param>
    /// <param name="until">Its last moment; null for two years ahead.</param>
    public SandboxCertificate IssueServer(string host = "127.0.0.1", DateTimeOffset? from = null, DateTimeOffset? until = null) => Issue(host, ServerUse, from, until);

    /// <summary>Issues a certificate that a client shows of itself.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="from">Its first moment; null for an hour ago.</param>
    /// <param name="until">Its last moment; null for two years ahead.</param>
    public SandboxCertificate IssueClient(string name, DateTimeOffset? from = null, DateTimeOffset? until = null) => Issue(name, ClientUse, from, until);

    /// <summary>True for a certificate of a client that this authority issued and that has not ended.</summary>
    public bool Accepts(X509Certificate2? shown)
    {
        if (shown is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUse));
        return chain.Build(shown);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private SandboxCertificate Issue(string name, string use, DateTimeOffset? from, DateTimeOffset? until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (use == ServerUse)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 bare = request.Create(Certificate, from ?? now.AddHours(-1), until ?? now + Usual, RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 keyed = bare.CopyWithPrivateKey(key);
        // Servers and clients need a key that the platform can use, which one made in memory is not everywhere.
        return new SandboxCertificate(X509CertificateLoader.LoadPkcs12(keyed.Export(X509ContentType.Pkcs12), null), key.ExportPkcs8PrivateKeyPem());
    }
}

/// <summary>An issued certificate with its key.</summary>
/// <param name="Certificate">Both.</param>
/// <param name="KeyPem">The key as PEM text, without a password.</param>
public sealed record SandboxCertificate(X509Certificate2 Certificate, string KeyPem)
{
    /// <summary>The certificate as PEM text.</summary>
    public string Pem => Certificate.ExportCertificatePem();
}
