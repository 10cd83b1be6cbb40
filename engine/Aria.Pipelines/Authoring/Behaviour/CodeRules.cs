using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>The DLL of a connector can be let go of, and bears what it is given.</summary>
internal static class CodeRules
{
    private const int Collections = 30;

    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new("CB26", "code unloads: after its connector is gone, nothing holds it", "No static fields or events with objects of the host, no threads, no timers.", t => t.Code is null ? "it has no code" : null, Unloads),
        new("CB27", "code refuses what it cannot read, and is good for the next delivery", "Throw for a body that cannot be decoded; keep nothing between calls.", t => t.Connector.Webhook is { DecodedByCode: true } ? null : "it decodes nothing by code", Bears),
    ];

    private static IEnumerable<BehaviourProblem> Unloads(TestedConnector tested)
    {
        WeakReference context = UseAndForget(tested.Folder);
        for (int i = 0; i < Collections && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        if (context.IsAlive)
        {
            yield return new(tested.At("code"), "The DLL stays in memory after the connector was disposed of: something still holds one of its objects.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndForget(PluginFolder folder)
    {
        using var used = TestedConnector.Load(folder.Directory, folder.DisplayPath);
        foreach (SampledEvent sampled in SampledEvent.All(used))
        {
            _ = sampled.Decoded is null ? [] : sampled.Misfits(used).ToArray();
        }
        foreach (Connectors.ConnectorOperation operation in used.Connector.Operations.Values.Where(o => o.Parts.Count == 0))
        {
            if (SampleInput.Of(used, operation) is { } input)
            {
                _ = used.Operations.PrepareOffline(used.Account, operation, input, "unload");
            }
        }
        return new WeakReference(AssemblyLoadContext.GetLoadContext(used.Code!.Connector.GetType().Assembly));
    }

    private static IEnumerable<BehaviourProblem> Bears(TestedConnector tested)
    {
        byte[][] bodies = [[], [0xFF, 0xFE, 0x00], "{}"u8.ToArray(), "\"\"\",,\n\"\0"u8.ToArray(), [.. Enumerable.Repeat((byte)'[', 20_000)]];
        foreach (byte[] body in bodies)
        {
            var delivery = new Delivery("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), body, DateTimeOffset.UnixEpoch);
            if (tested.Receiver.Decode(tested.Account, delivery).Events.FirstOrDefault(e => e.QuarantineCode is null && !e.Type.StartsWith("raw.", StringComparison.Ordinal)) is { } made)
            {
                yield return new(tested.At("webhook", "decode"), $"A body of {body.Length} bytes that is none of the vendor's became the event '{made.Type}'.");
            }
        }
        foreach (SampledEvent sampled in SampledEvent.All(tested).Where(s => s.Problem is not null))
        {
            yield return new(tested.At("webhook", "decode"), $"After bodies that cannot be read, sample '{sampled.Sample.File}' {sampled.Problem}.");
        }
    }
}
