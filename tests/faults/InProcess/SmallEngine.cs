using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Faults.InProcess;

/// <summary>The engine in process, on the smallest workspace.</summary>
internal static class SmallEngine
{
    /// <param name="workspace">What it works with.</param>
    /// <param name="key">The master key; the same one each time the same data is opened.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="replace">Puts other parts in the place of the engine's own.</param>
    public static Task<LocalEngine> OpenAsync(SmallWorkspace workspace, MasterKey key, TimeProvider time, Action<IServiceCollection>? replace = null) =>
        LocalEngine.OpenAsync(workspace.Options, SmallWorkspace.Secrets, key, time, replace);

    /// <summary>Accepts the event that starts the pipeline of an operation.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="operation">One of <see cref="SmallWorkspace.Operations"/>.</param>
    /// <param name="thing">What is to be done.</param>
    /// <param name="subject">What it is about; null for the thing itself.</param>
    public static async Task<AcceptedEvent> AcceptAsync(this LocalEngine engine, string operation, string thing, string? subject = null)
    {
        byte[] body = Encoding.UTF8.GetBytes(new JsonObject { ["op"] = operation, ["thing"] = thing, ["subject"] = subject ?? thing }.ToJsonString());
        DateTimeOffset now = engine.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var delivery = new Delivery("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), body, now);
        Connection connection = engine.Services.GetRequiredService<PipelineCatalog>().Current.Connections["remote"];
        IReadOnlyList<DecodedEvent> events = engine.Services.GetRequiredService<IWebhookReceiver>().Decode(connection, delivery).Events;
        return (await engine.Services.GetRequiredService<EventIntake>().AcceptAsync(connection, delivery, events, default))[0];
    }
}
