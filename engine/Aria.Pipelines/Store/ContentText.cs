using System.Text;

namespace Aria.Pipelines.Store;

/// <summary>Text that is kept encrypted, as UTF-8.</summary>
internal static class ContentText
{
    public static byte[]? Write(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    public static string? Read(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
