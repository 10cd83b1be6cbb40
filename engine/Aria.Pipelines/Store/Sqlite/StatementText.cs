using System.Diagnostics.CodeAnalysis;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Finds statements by their text. Hashing hundreds of characters each time costs more than many statements, and their ends tell them apart well enough.</summary>
internal sealed class StatementText : IEqualityComparer<string>
{
    private const int End = 8;

    public static StatementText Comparer { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode([DisallowNull] string obj) =>
        HashCode.Combine(obj.Length, string.GetHashCode(obj.AsSpan(Math.Max(0, obj.Length - End)), StringComparison.Ordinal));
}
