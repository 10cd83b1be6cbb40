using System.Globalization;
using System.Text;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns.Inputs;

/// <summary>Makes bad inputs of good ones.</summary>
internal static class Mutator
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e400", "-0", "123456789012345678901234567890", "0.1", "\\ud800", "\\u0000", "\\", "\ufeff", "{{ 7*7 }}", "${x}",
        "\"__proto__\":{}", "\"op\":\"unsafe\"", "\"op\":1", "\"thing\":[]", "'", "/*", "//", "\r\n", "\0", "NaN", "<script>", "\u202e", "=1+1",
    ];

    private static readonly string[] Heads =
    [
        "Content-Length: 0", "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Content-Encoding: gzip",
        "Content-Encoding: br", "Content-Type: text/plain", "Content-Type: application/json; charset=utf-7", "X-Signature: 00", "X-Signature:", "Host:", "Host: a b", "Expect: 100-continue",
        "Expect: nonsense", "Connection: upgrade", "Upgrade: h2c", "X-Forwarded-For: 10.0.0.1", "Cookie: a=b", ": empty name", "no colon", "X-Nul: a\0b", "X-Cr: a\rb", " folded",
    ];

    private static readonly string[] Lines = ["GET", "PUT", "TRACE", "PRI * HTTP/2.0", "POST  /hooks/remote", "POST /hooks/../hooks/remote", "POST /hooks/%00", "POST /hooks/" + new string('a', 9000), "POST http://[::1/"];

    /// <summary>A body changed at one to four places.</summary>
    public static byte[] Body(byte[] good, Dice dice)
    {
        List<byte> bytes = [.. good];
        for (int i = dice.Between(1, 4); i > 0; i--)
        {
            Change(bytes, dice);
        }
        return [.. bytes];
    }

    /// <summary>A head changed at one to three places; lines end as they should, most of the time.</summary>
    public static string Head(string good, Dice dice)
    {
        string head = good;
        for (int i = dice.Between(1, 3); i > 0; i--)
        {
            List<string> lines = [.. head.Split("\r\n")];
            int at = dice.Below(Math.Max(1, lines.Count - 2));
            switch (dice.Below(7))
            {
                case 0:
                    lines.Insert(Math.Min(1, lines.Count), dice.Of(Heads));
                    break;
                case 1:
                    lines[0] = dice.Of(Lines) + lines[0][Math.Min(4, lines[0].Length)..];
                    break;
                case 2:
                    lines.Insert(Math.Min(1, lines.Count), lines[at]);
                    break;
                case 3:
                    lines.RemoveAt(at);
                    break;
                case 4:
                    lines.Insert(Math.Min(1, lines.Count), string.Create(CultureInfo.InvariantCulture, $"X-{dice.Below(9)}: {new string('x', dice.Below(40_000))}"));
                    break;
                case 5:
                    List<byte> bytes = [.. Encoding.Latin1.GetBytes(lines[at])];
                    Change(bytes, dice);
                    lines[at] = Encoding.Latin1.GetString([.. bytes]);
                    break;
                default:
                    head = head.Insert(dice.Below(head.Length), dice.Of<string>(["\n", "\r", "\0", "\u00ff", " "]));
                    continue;
            }
            head = string.Join("\r\n", lines);
        }
        return head;
    }

    private static void Change(List<byte> bytes, Dice dice)
    {
        int at = dice.Below(bytes.Count + 1);
        int count = Math.Min(bytes.Count - at, dice.Between(1, 12));
        switch (dice.Below(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)dice.Below(256);
                break;
            case 2:
                bytes.RemoveRange(at, count);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
            case 4:
                bytes.InsertRange(at, dice.Bytes(dice.Between(1, 8)));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6 when dice.Percent(3):
                bytes.InsertRange(at, Encoding.ASCII.GetBytes(new string(dice.Of(['[', '{', '"', '9', ' ']), dice.Between(100, 200_000))));
                break;
            default:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(dice.Of(Tokens)));
                break;
        }
    }
}
