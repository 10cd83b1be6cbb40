namespace Aria.Pipelines.Schemas;

/// <summary>A place in an instance that a JSON Schema does not allow.</summary>
/// <param name="InstancePointer">JSON pointer into the value; empty for the whole.</param>
/// <param name="SchemaPointer">JSON pointer into the schema, to the keyword.</param>
/// <param name="Message">What is wrong and what is expected, without the value itself (it may be personal data).</param>
internal sealed record SchemaFinding(string InstancePointer, string SchemaPointer, string Message);
