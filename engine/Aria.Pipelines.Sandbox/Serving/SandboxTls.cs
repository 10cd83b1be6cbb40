using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>How a server speaks TLS.</summary>
/// <param name="Certificate">What it shows of itself, with the key.</param>
/// <param name="Handshake">Judges the client's certificate in the handshake, which then ends without one. Null to let each request be judged: <see cref="SandboxRequest.Certificate"/>.</param>
internal sealed record SandboxTls(X509Certificate2 Certificate, Func<X509Certificate2, bool>? Handshake)
{
    public void Apply(ListenOptions listen) => listen.UseHttps(Certificate, https =>
    {
        https.ClientCertificateMode = Handshake is null ? ClientCertificateMode.AllowCertificate : ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (shown, _, _) => Handshake?.Invoke(shown) ?? true;
    });
}
