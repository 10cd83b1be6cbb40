namespace Aria.Pipelines.Privacy;

/// <summary>Stored content is not what was written: its authentication tag does not fit. Nothing of it is served.</summary>
internal sealed class ContentIntegrityException(string place, Exception? inner = null)
    : Exception($"Stored content '{place}' fails its integrity check: the data file was damaged or changed. Restore it from a backup.", inner)
{
    public const string Code = "integrity_error";

    /// <summary>Table, row id and column, joined by <c>|</c>.</summary>
    public string Place { get; } = place;
}
