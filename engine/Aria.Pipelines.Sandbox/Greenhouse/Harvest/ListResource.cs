using Aria.Pipelines.Sandbox.Greenhouse.Records;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>One list endpoint: its rows and the parameters it documents besides the common ones.</summary>
internal sealed record ListResource(string Name, Func<IReadOnlyList<Entity>> Rows, Func<long, Entity?> Find, IReadOnlyDictionary<string, ListFilter> Filters)
{
    /// <summary>Conditions that hold as long as their parameter is absent.</summary>
    public IReadOnlyDictionary<string, Func<Entity, bool>> Unless { get; init; } = new Dictionary<string, Func<Entity, bool>>();

    /// <summary>Response fields, for the <c>fields</c> parameter: read from the documentation.</summary>
    public required IReadOnlySet<string> Fields { get; init; }
}
