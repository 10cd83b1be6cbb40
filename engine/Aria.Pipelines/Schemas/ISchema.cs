using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>A JSON Schema (draft 2020-12), compiled.</summary>
internal interface ISchema
{
    /// <summary>Checks a value.</summary>
    /// <returns>Every finding; empty when the value is valid. Formats <c>email</c>, <c>uri</c>, <c>date-time</c>, <c>date</c>, <c>uuid</c> are asserted.</returns>
    IReadOnlyList<SchemaFinding> Validate(JsonElement instance);
}
