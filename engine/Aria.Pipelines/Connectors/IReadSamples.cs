using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Stands in for the targets of prerequisite reads where nothing is asked of a system.</summary>
internal interface IReadSamples
{
    /// <summary>What a read gives without its request being sent, as it stands under <c>reads</c>; null when the request is to be sent.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="read">The read.</param>
    /// <param name="request">Its request.</param>
    JsonElement? Find(Connection connection, ConnectorRead read, ConnectorRequest request);
}
