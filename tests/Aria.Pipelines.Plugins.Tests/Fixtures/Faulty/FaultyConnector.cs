using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Faulty;

/// <summary>Does, while it prepares a request, whatever its input names: what no connector should, and what the host has to outlive.</summary>
public sealed class FaultyConnector : IPreparesRequests
{
    private const int LeakedBytes = 10 * 1024 * 1024;
    private const int BlockedThreads = 16;
    private static readonly TimeSpan BlockedFor = TimeSpan.FromSeconds(3);
    private static readonly ManualResetEvent Never = new(initialState: false);
    private static readonly List<byte[]> Leaked = [];

    /// <inheritdoc/>
    public ConnectorRequest Prepare(string operation, JsonElement input, IConnectorHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Do(input.GetProperty("fault").GetString()!);
        string id = input.GetProperty("event").GetString()!;
        return new ConnectorRequest("PUT", new Uri($"{host.Settings.GetProperty("baseUrl").GetString()}/put/{id}"), [], Encoding.UTF8.GetBytes(input.GetRawText()));
    }

    /// <inheritdoc/>
    public JsonElement Read(string operation, JsonElement input, ConnectorResponse response, IConnectorHost host) => input;

    private static void Do(string fault)
    {
        switch (fault)
        {
            case "throw":
                throw new InvalidOperationException("a text that may hold anything");
            case "hang":
                Never.WaitOne();
                break;
            case "leak":
                byte[] kept = GC.AllocateUninitializedArray<byte>(LeakedBytes);
                kept.AsSpan().Fill(1);
                lock (Leaked)
                {
                    Leaked.Add(kept);
                }
                break;
            case "overflow":
                _ = Deeper(0);
                break;
            case "failfast":
                Environment.FailFast("the connector gave up");
                break;
            case "exit":
                Environment.Exit(0);
                break;
            case "pool":
                for (int i = 0; i < BlockedThreads; i++)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(_ => Never.WaitOne(BlockedFor), null);
                }
                break;
        }
    }

    private static int Deeper(int depth) => Deeper(depth + 1) + Deeper(depth + 2) + 1;
}
