using System.Reflection;

namespace Aria.Pipelines.Plugins.Tests.Support;

/// <summary>Where the build of this repository put the connectors and fixtures that are loaded here.</summary>
internal static class BuiltPlugins
{
    public static readonly string Repository = typeof(BuiltPlugins).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    public static readonly string Connectors = Path.Combine(Repository, "plugins");

    public static readonly string Sample = Path.Combine(Repository, "artifacts", "plugins", "Sample");

    public static string Fixture(string name) => Path.Combine(Repository, "artifacts", "fixtures", name);
}
