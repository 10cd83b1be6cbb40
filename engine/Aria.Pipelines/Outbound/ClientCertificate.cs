using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aria.Pipelines.Outbound;

/// <summary>What this side shows of itself in a TLS handshake. Two are equal when they are the same certificate.</summary>
internal sealed class ClientCertificate : IEquatable<ClientCertificate>
{
    private readonly string _thumbprint;

    private ClientCertificate(X509Certificate2 own, X509Certificate2Collection chain)
    {
        _thumbprint = own.GetCertHashString(HashAlgorithmName.SHA256);
        Ends = new DateTimeOffset(own.NotAfter.ToUniversalTime());
        Description = string.Create(CultureInfo.InvariantCulture, $"'{own.Subject}', issued by '{own.Issuer}', valid until {Ends:yyyy-MM-dd}");
        Shown = SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    /// <summary>The certificate, its key and the certificates between it and its issuer.</summary>
    public SslStreamCertificateContext Shown { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Ends { get; }

    /// <summary>Subject, issuer and end, for people.</summary>
    public string Description { get; }

    /// <summary>Reads PEM texts.</summary>
    /// <param name="certificate">The certificate first, then those of its issuers where the target wants them.</param>
    /// <param name="key">Its private key, without a password.</param>
    /// <exception cref="CryptographicException">No certificate, no key, or they do not belong together.</exception>
    public static ClientCertificate FromPem(string certificate, string key)
    {
        using X509Certificate2 read = X509Certificate2.CreateFromPem(certificate, key);
        // Windows does not take keys that are in memory only.
        X509Certificate2 own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        return new ClientCertificate(own, [.. chain.Skip(1)]);
    }

    public bool Equals(ClientCertificate? other) => other is not null && other._thumbprint == _thumbprint;

    public override bool Equals(object? obj) => Equals(obj as ClientCertificate);

    public override int GetHashCode() => _thumbprint.GetHashCode(StringComparison.Ordinal);
}
