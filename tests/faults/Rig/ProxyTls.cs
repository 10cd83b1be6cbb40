using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>How a proxy ends TLS on both of its sides. It demands a client certificate of the same authority itself, so that none is missing because it stands there.</summary>
/// <param name="Authority">Who issued all certificates.</param>
/// <param name="Server">Shown to the client, with its key.</param>
/// <param name="Client">Shown to the target, with its key.</param>
internal sealed record ProxyTls(X509Certificate2 Authority, X509Certificate2 Server, X509Certificate2 Client)
{
    /// <summary>The client's side.</summary>
    public async Task<Stream> AcceptAsync(Stream plain, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Server, ClientCertificateRequired = true, CertificateChainPolicy = Policy() }, cancellationToken);
        return secure;
    }

    /// <summary>The target's side.</summary>
    public async Task<Stream> ConnectAsync(Stream plain, string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, ClientCertificateContext = SslStreamCertificateContext.Create(Client, null, offline: true), CertificateChainPolicy = Policy() }, cancellationToken);
        return secure;
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(Authority);
        return policy;
    }
}
