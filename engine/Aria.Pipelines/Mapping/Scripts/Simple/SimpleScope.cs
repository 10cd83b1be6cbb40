namespace Aria.Pipelines.Mapping.Scripts.Simple;

/// <summary>
/// The names one function of a simple script declares. One that is not known yet hides the same name further out: JavaScript refuses to read it,
/// so what reads it is not simple.
/// </summary>
/// <param name="parameters">The function's parameters and where they are kept.</param>
/// <param name="constants">The names of its constants, known as they come.</param>
internal sealed class SimpleScope(IReadOnlyDictionary<string, int> parameters, IEnumerable<string> constants)
{
    private readonly HashSet<string> _declared = new(parameters.Keys.Concat(constants), StringComparer.Ordinal);
    private readonly Dictionary<string, int> _slots = new(parameters, StringComparer.Ordinal);
    private readonly Dictionary<string, SimpleFunction> _functions = new(StringComparer.Ordinal);

    public bool Declares(string name) => _declared.Contains(name);

    /// <summary>Where a value is kept; null when the name is a function or not known yet.</summary>
    public int? SlotOf(string name) => _slots.TryGetValue(name, out int slot) ? slot : null;

    /// <summary>The function of that name; null when it is a value or not known yet.</summary>
    public SimpleFunction? FunctionOf(string name) => _functions.GetValueOrDefault(name);

    public bool Add(string name, int slot) => _slots.TryAdd(name, slot);

    public bool Add(string name, SimpleFunction function) => _functions.TryAdd(name, function);
}
