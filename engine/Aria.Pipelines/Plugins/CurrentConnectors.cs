using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Plugins;

/// <summary>
/// The connectors in force. Former ones are not unloaded but forgotten: a run at work keeps the code that it began with, and the collector
/// frees that when the last of them has ended.
/// </summary>
/// <param name="root">The folder of connectors.</param>
/// <param name="displayPath">The same as shown in findings.</param>
/// <param name="mappings">Compiles their templates.</param>
/// <param name="first">Those loaded at the start.</param>
/// <param name="fingerprint">What their files were then.</param>
internal sealed class CurrentConnectors(string root, string displayPath, IMappingCompiler mappings, InstalledConnectors first, string fingerprint) : IDisposable
{
    private InstalledConnectors _inForce = first;
    private string _fingerprint = fingerprint;

    /// <summary>Folders that hold connectors, or what is built of them.</summary>
    public static IReadOnlyList<string> FoldersOf(string root) => [root, Path.GetFullPath(Path.Combine(root, "..", "artifacts", "plugins"))];

    /// <summary>Those in force, or when their files are no longer what they were, others, which are not in force before <see cref="Take"/>.</summary>
    public InstalledConnectors Look(string fingerprint, DiagnosticBag bag) =>
        fingerprint == _fingerprint ? _inForce : InstalledConnectors.Load(root, displayPath, mappings, bag);

    /// <summary>Puts what <see cref="Look"/> gave in force.</summary>
    public void Take(InstalledConnectors connectors, string fingerprint) => (_inForce, _fingerprint) = (connectors, fingerprint);

    /// <summary>Lets go of what <see cref="Look"/> gave and is not wanted.</summary>
    public void Refuse(InstalledConnectors connectors)
    {
        if (connectors != _inForce)
        {
            connectors.Dispose();
        }
    }

    public void Dispose() => _inForce.Dispose();
}
