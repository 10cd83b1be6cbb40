using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>Data that stands beside these tests.</summary>
internal static class Vectors
{
    public static string File(string name) => Path.Combine(Repository.Root, "tests/Aria.Pipelines.EndToEnd.Tests/Ingress/Vectors", name);
}
