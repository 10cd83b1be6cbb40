using System.Buffers;

namespace Aria.Pipelines.Schemas;

/// <summary>Resolves the URI references of schemas.</summary>
internal static class SchemaUri
{
    /// <summary>Splits a reference at its fragment, which is returned decoded and without the '#'.</summary>
    public static (string Uri, string Fragment) Split(string reference)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? (reference, "") : (reference[..hash], Uri.UnescapeDataString(reference[(hash + 1)..]));
    }

    /// <summary>The absolute form of a reference without fragment; the reference itself where the base is not hierarchical.</summary>
    public static string Resolve(string baseUri, string reference)
    {
        if (reference.Length == 0)
        {
            return baseUri;
        }
        if (HasScheme(reference))
        {
            return Normalize(reference);
        }
        return Uri.TryCreate(baseUri, UriKind.Absolute, out Uri? from) && Uri.TryCreate(from, reference, out Uri? resolved)
            ? resolved.AbsoluteUri
            : reference;
    }

    /// <summary>One spelling per URI, so that two spellings meet in a dictionary.</summary>
    public static string Normalize(string absolute) =>
        !absolute.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(absolute, UriKind.Absolute, out Uri? uri)
            ? uri.AbsoluteUri
            : absolute;

    /// <summary>True for <c>http://a</c> and <c>urn:a</c>, false for <c>/a</c>, <c>a/b:c</c> and <c>#a</c>.</summary>
    private static bool HasScheme(string reference)
    {
        int colon = reference.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(reference[0])
            && reference.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
