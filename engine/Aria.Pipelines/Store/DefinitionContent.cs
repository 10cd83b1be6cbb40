using System.Security.Cryptography;
using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store;

/// <summary>Bundles of definitions are kept in the clear, under the hash of their own bytes: what is read is held to it (R8).</summary>
internal static class DefinitionContent
{
    /// <summary>The bundle, if it is what was saved under the hash.</summary>
    /// <exception cref="ContentIntegrityException">It was damaged or changed.</exception>
    public static byte[]? Checked(string hash, byte[]? bundle) =>
        bundle is null || string.Equals(Convert.ToHexStringLower(SHA256.HashData(bundle)), hash, StringComparison.Ordinal)
            ? bundle
            : throw new ContentIntegrityException($"definition|{hash}|bundle");
}
