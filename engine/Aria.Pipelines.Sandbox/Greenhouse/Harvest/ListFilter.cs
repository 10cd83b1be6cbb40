using Aria.Pipelines.Sandbox.Greenhouse.Records;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>Compiles one query parameter (name, value) into a condition on rows, or refuses it with 422.</summary>
internal delegate Func<Entity, bool> ListFilter(string name, string value);
