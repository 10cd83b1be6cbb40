using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A connector can be replaced while the host runs, if nothing of the old one stays.</summary>
internal sealed class UnloadRule() : BehaviourRule("CB28", "A DLL unloads: once its connector is let go of, nothing holds it.")
{
    private const int Collections = 40;

    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        if (subject.Connector.Code is null || subject.Folder is not { } folder)
        {
            yield break;
        }
        WeakReference code = UseAndForget(folder, subject.Time);
        for (int i = 0; i < Collections && code.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        if (code.IsAlive)
        {
            yield return Found(subject.At("code"), "The DLL stays in memory after its connector was disposed of.", "Keep no objects in static fields or events of the host; start no threads and no timers.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndForget(PluginFolder folder, TimeProvider time)
    {
        using InstalledConnectors installed = InstalledConnectors.Load(Path.GetDirectoryName(folder.Directory)!, Path.GetDirectoryName(folder.DisplayPath)!, new MappingCompiler(), new DiagnosticBag(), folder.Name);
        InstalledConnector found = installed.All[0];
        var used = ConnectorSubject.Open(found, time);
        foreach (SampleEvents sample in SampleEvents.Of(used))
        {
            foreach (Connectors.DecodedEvent decoded in sample.Good)
            {
                _ = used.Canonical(sample.Definition, decoded);
            }
        }
        return new WeakReference(AssemblyLoadContext.GetLoadContext(found.Connector.Code!.GetType().Assembly));
    }
}
