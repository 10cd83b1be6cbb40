namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>What one evaluation of a simple script holds. No function can be at work twice, so each constant and parameter has one place for all calls.</summary>
/// <param name="evaluation">The evaluation.</param>
/// <param name="slots">How many places it needs.</param>
internal sealed class SimpleFrame(Evaluation evaluation, int slots)
{
    // Far less than the engine allows: what is larger than this is not worth a shortcut, and has the engine's limits.
    private const int MostWork = 200_000;

    private int _left = MostWork;

    public object?[] Locals { get; } = new object?[slots];

    public Evaluation Evaluation => evaluation;

    /// <param name="work">Syntax nodes about to be evaluated, members and items about to be looked through, or characters about to be made.</param>
    /// <returns>False when it is too much for this.</returns>
    public bool TrySpend(int work)
    {
        _left -= Math.Min(work, MostWork);
        return _left > 0;
    }
}
