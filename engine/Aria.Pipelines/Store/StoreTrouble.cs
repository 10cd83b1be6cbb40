using System.Globalization;

namespace Aria.Pipelines.Store;

/// <summary>Tells why a data file cannot be worked on: held by somebody, read-only, full, or not this user's.</summary>
internal static class StoreTrouble
{
    // Error numbers of Linux and macOS, and of Windows, as the runtime hands them on.
    private static readonly HashSet<int> Held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];
    private static readonly HashSet<int> ReadOnly = [30, unchecked((int)0x80070013)];
    private static readonly HashSet<int> Full = [28, 69, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>What a failure to take hold of a data file means.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="failure">What the operating system said.</param>
    /// <returns>The same for people; null when it says nothing about these.</returns>
    public static Exception? Of(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => null,
        IOException e when Held.Contains(e.HResult) => new StoreInUseException(path, e),
        IOException e when IsReadOnlyMedia(e) => new StoreUnavailableException(
            $"The data folder '{Path.GetDirectoryName(path)}' is on read-only media, and the store has to write there. Mount it for writing, or give another folder with --data.", e),
        IOException e when Full.Contains(e.HResult) => new StoreUnavailableException(
            $"No space is left for the store in the data folder '{Path.GetDirectoryName(path)}'. Make room there, then try again.", e),
        UnauthorizedAccessException e => new StoreUnavailableException(Denied(path), e),
        _ => null,
    };

    /// <summary>True when nothing can be written because of where the file is.</summary>
    public static bool IsReadOnlyMedia(IOException failure) => ReadOnly.Contains(failure.HResult);

    private static string Denied(string path)
    {
        string[] places = [.. new[] { path, $"{path}.lock", Path.GetDirectoryName(path)! }.Where(Path.Exists).Select(place => $"'{place}' has the rights {Rights(place)}")];
        return $"The user '{Environment.UserName}' may not read and write the store '{path}': {string.Join(", ", places)}. "
            + "Give this user the data folder and what is in it, or work as the user who made them.";
    }

    private static string Rights(string place)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.GetAttributes(place).ToString();
        }
        return "0" + Convert.ToString((int)File.GetUnixFileMode(place), 8).PadLeft(3, '0').ToString(CultureInfo.InvariantCulture);
    }
}
