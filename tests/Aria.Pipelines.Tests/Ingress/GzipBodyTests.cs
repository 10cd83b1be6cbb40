using System.IO.Compression;
using System.Text;
using Aria.Pipelines.Ingress;

namespace Aria.Pipelines.Tests.Ingress;

public sealed class GzipBodyTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("{\"eventType\":\"Ngọc\"}")]
    public void Unpack_WhatWasPacked_IsThereAgain(string text)
    {
        byte[] body = Packed(Encoding.UTF8.GetBytes(text));

        GzipBody.TryUnpack(ref body, 1000, out _).ShouldBeTrue();

        Encoding.UTF8.GetString(body).ShouldBe(text);
    }

    [Fact]
    public void Unpack_FewBytesThatHoldMany_StopsAtTheLimit()
    {
        byte[] fits = Packed(new byte[1_000_000]);
        byte[] bomb = Packed(new byte[1_000_001]);

        GzipBody.TryUnpack(ref fits, 1_000_000, out _).ShouldBeTrue();
        GzipBody.TryUnpack(ref bomb, 1_000_000, out bool tooLarge).ShouldBeFalse();

        (fits.Length, tooLarge).ShouldBe((1_000_000, true));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(20)]
    public void Unpack_CutShort_IsRefused(int missing)
    {
        byte[] whole = Packed("""{"eventType":"AssessmentEvent"}"""u8.ToArray());
        byte[] body = whole[..^missing];

        GzipBody.TryUnpack(ref body, 1000, out bool tooLarge).ShouldBe(missing == 0);

        tooLarge.ShouldBeFalse();
    }

    [Fact]
    public void Unpack_NotGzip_IsRefused()
    {
        byte[] body = "{\"eventType\":\"AssessmentEvent\"}"u8.ToArray();

        GzipBody.TryUnpack(ref body, 1000, out _).ShouldBeFalse();
    }

    private static byte[] Packed(byte[] body)
    {
        using var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionLevel.Optimal))
        {
            gzip.Write(body);
        }
        return small.ToArray();
    }
}
