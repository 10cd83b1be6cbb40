using System.Runtime.CompilerServices;
using Jint;

namespace Aria.Pipelines.Mapping.Scripts;

/// <summary>
/// The first use of Jint, for programs that will need it. Jint lists the time zones of the system then, and .NET sorts them by their names in the
/// user's language: 0.4 s and some megabytes for a list that only <c>Temporal</c> and <c>Intl</c> read, which no mapping has.
/// </summary>
internal static class ScriptEngineStart
{
    /// <summary>Where .NET looks for time zones, on everything but Windows.</summary>
    private const string Folder = "TZDIR";

    /// <summary>
    /// Makes the first use where no time zones are to be found. While it lasts, nobody else in this process must ask for one: call it before
    /// other threads are started. Whoever does not call it has the same scripts, later.
    /// </summary>
    public static void Load()
    {
        string? before = Environment.GetEnvironmentVariable(Folder);
        Environment.SetEnvironmentVariable(Folder, Path.Combine(AppContext.BaseDirectory, "no-time-zones"));
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(Engine).TypeHandle);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Folder, before);
            TimeZoneInfo.ClearCachedData();
        }
    }
}
