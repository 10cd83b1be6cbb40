using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>Whether a name can be given to something new in a workspace.</summary>
internal static class NewName
{
    private static readonly string[] Taken = ["connections", "environments"];

    /// <returns>Why not, and what to do; null when it is free.</returns>
    public static string? ObstacleToPipeline(string workspace, string name)
    {
        if (name.Contains('/', StringComparison.Ordinal) || !FileName.IsAllowed(name))
        {
            return $"'{name}' is not a usable name for a pipeline. {FileName.Rule}";
        }
        return Taken.Contains(name) ? $"'{name}' is the folder of all {name}. Choose another name."
            : Path.Exists(Path.Combine(workspace, name)) ? $"'{name}' exists already in '{workspace}'. Choose another name, or change that one."
            : null;
    }

    /// <returns>Why not, and what to do; null when it is free.</returns>
    public static string? ObstacleToConnection(string workspace, string id)
    {
        if (id.Contains('/', StringComparison.Ordinal) || !FileName.IsAllowed(id))
        {
            return $"'{id}' is not a usable id for a connection. {FileName.Rule}";
        }
        return File.Exists(Path.Combine(workspace, "connections", $"{id}.json")) ? $"Connection '{id}' exists already in '{workspace}'. Choose another id, or change that one." : null;
    }
}
