using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Testing;

/// <summary>What the engine is doing when a request arrives at the targets of a case.</summary>
/// <param name="Connection">The account.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Phase">Which part of it.</param>
/// <param name="Input">The operation's input.</param>
/// <param name="EffectKey">Key of the effect; empty when it does not matter.</param>
internal sealed record CaseCall(Connection Connection, ConnectorOperation Operation, CasePhase Phase, JsonElement Input, string EffectKey)
{
    private readonly HashSet<string> _read = [];

    /// <summary>True when a request was not answered by the case, so that the operation's sample stands for its output.</summary>
    public bool IsSampled { get; set; }

    /// <summary>A body from which the connector makes the sample of the read that this request is; null when it is none of them.</summary>
    public JsonNode? SampleOfRead(ConnectorRequest request)
    {
        Dictionary<string, JsonElement> values = new()
        {
            ["input"] = OperationInput.WithoutNulls(Operation.InputSchema, Input),
            ["settings"] = Connection.Settings,
            ["effect"] = ConnectorJson.ToElement(new JsonObject { ["key"] = EffectKey }),
        };
        try
        {
            values["reads"] = PrerequisiteReads.Samples(Operation, values);
            ConnectorRead? read = Operation.Reads.FirstOrDefault(r => !_read.Contains(r.Id) && PrerequisiteReads.IsWanted(r, values) && IsSame(RequestBuilder.Build(Connection, r.Request, values), request));
            if (read is null)
            {
                return null;
            }
            _read.Add(read.Id);
            return ReadBody.For(read, values, read.Sample);
        }
        catch (MappingException)
        {
            // The read depends on something that only an answer of the case could say.
            return null;
        }
    }

    private static bool IsSame(ConnectorRequest built, ConnectorRequest request) => built.Method == request.Method && built.Url.AbsolutePath == request.Url.AbsolutePath;
}

internal enum CasePhase
{
    /// <summary>Reads that an operation needs first.</summary>
    Reads,

    /// <summary>The operation's own request.</summary>
    Send,

    /// <summary>The search for a change of unknown outcome.</summary>
    LookUp,
}
