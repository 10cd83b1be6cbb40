namespace Aria.Pipelines.Bench.Load;

/// <summary>What one peer came to in one round, by name of the figure.</summary>
internal sealed class LoadFigures(string peer) : Dictionary<string, double>
{
    public string Peer => peer;
}
