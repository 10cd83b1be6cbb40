using System.Globalization;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Ids and index values made of several parts.</summary>
internal static class Ids
{
    /// <summary>Prefix of the ids of what a run has recorded.</summary>
    public static string OfRun(long runSequence) => $"{Digits(runSequence)}/";

    public static string OfStep(long runSequence, string path, int iteration) =>
        string.Create(CultureInfo.InvariantCulture, $"{OfRun(runSequence)}{path}/{iteration}");

    public static string OfCorrelation(string connection, byte[] hash) => $"{connection}|{Convert.ToHexString(hash)}|";

    public static string OfCorrelation(string connection, byte[] hash, long eventSequence) => OfCorrelation(connection, hash) + Digits(eventSequence);

    public static string OfDedupe(string connection, byte[] hash) => $"{connection}|{Convert.ToHexString(hash)}";

    public static string OfPlace(long eventSequence, string pipeline) => $"{Digits(eventSequence)}|{pipeline}";

    /// <summary>A list in which the sequence orders what is equal by name.</summary>
    public static string InList(string name, long sequence) => $"{name}|{Digits(sequence)}";

    public static string Digits(long number) => number.ToString("D19", CultureInfo.InvariantCulture);
}
