namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>What one evaluation of a simple script holds. No function can be at work twice, so each constant and parameter has one place for all calls.</summary>
/// <param name="evaluation">The evaluation.</param>
/// <param name="slots">How many places it needs.</param>
internal sealed class SimpleFrame(Evaluation evaluation, int slots)
{
    // Far less than the engine allows: what is larger than this is not worth a shortcut, and has the engine's limits.
    private const int MostWork = 40_000;

    // The engine allows calls 64 deep, and each call here takes some of the thread's stack.
    private const int Deepest = 32;

    private int _left = MostWork;
    private int _depth;

    public object?[] Locals { get; } = new object?[slots];

    public Evaluation Evaluation => evaluation;

    /// <summary>Begins a call of a function.</summary>
    /// <returns>False when it would be too deep for this.</returns>
    public bool TryEnter() => ++_depth <= Deepest;

    /// <summary>The call has ended with a value.</summary>
    public void Leave() => _depth--;

    /// <param name="work">Syntax nodes about to be evaluated, members and items about to be looked through, or characters about to be made.</param>
    /// <returns>False when it is too much for this.</returns>
    public bool TrySpend(int work)
    {
        _left -= Math.Min(work, MostWork);
        return _left > 0;
    }
}
