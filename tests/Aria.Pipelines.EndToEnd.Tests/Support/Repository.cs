namespace Aria.Pipelines.EndToEnd.Tests.Support;

/// <summary>Where the repository's own folders are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Pipelines => Path.Combine(Root, "pipelines");

    public static string Plugins => Path.Combine(Root, "plugins");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Aria.Pipelines.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository."));
}
