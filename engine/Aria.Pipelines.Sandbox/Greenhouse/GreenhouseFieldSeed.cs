namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>A custom field to create. <paramref name="FieldType"/> is its holder: <c>application</c>, <c>candidate</c>, <c>job</c> ….</summary>
public sealed record GreenhouseFieldSeed(string NameKey, string Name, string FieldType, string ValueType, params IReadOnlyList<string> Options);
