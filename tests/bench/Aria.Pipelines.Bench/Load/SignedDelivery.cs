using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Bench.Load;

/// <summary>One webhook as bytes on the wire, made again for each id: the id stands at several places of the body and in a header, and the body is signed.</summary>
internal sealed class SignedDelivery
{
    private const string IdPlace = "0000000000";
    private const int SignatureLength = 64;

    private readonly byte[] _template;
    private readonly byte[] _secret;
    private readonly int _bodyAt;
    private readonly int _signatureAt;
    private readonly List<int> _ids = [];

    /// <param name="target">Where it is posted.</param>
    /// <param name="body">The body; each ten zeros in it take the id.</param>
    /// <param name="secret">What it is signed with.</param>
    public SignedDelivery(Uri target, byte[] body, string secret)
    {
        _secret = Encoding.UTF8.GetBytes(secret);
        string head = string.Create(CultureInfo.InvariantCulture, $"POST {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nGreenhouse-Event-ID: evt-{IdPlace}\r\nSignature: sha256 ");
        _signatureAt = head.Length;
        head += new string('f', SignatureLength) + "\r\n\r\n";
        _bodyAt = head.Length;
        _template = [.. Encoding.ASCII.GetBytes(head), .. body];
        byte[] place = Encoding.ASCII.GetBytes(IdPlace);
        for (int at = _template.AsSpan().IndexOf(place); at >= 0;)
        {
            _ids.Add(at);
            int next = _template.AsSpan(at + place.Length).IndexOf(place);
            at = next < 0 ? -1 : at + place.Length + next;
        }
    }

    /// <summary>Bytes that one connection fills again and again.</summary>
    public byte[] NewBuffer() => [.. _template];

    public void Fill(byte[] buffer, long id)
    {
        Span<byte> digits = stackalloc byte[IdPlace.Length];
        id.TryFormat(digits, out _, "D10", CultureInfo.InvariantCulture);
        foreach (int at in _ids)
        {
            digits.CopyTo(buffer.AsSpan(at));
        }
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, buffer.AsSpan(_bodyAt), mac);
        Convert.TryToHexStringLower(mac, buffer.AsSpan(_signatureAt, SignatureLength), out _);
    }
}
