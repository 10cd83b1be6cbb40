using System.Collections;
using Scriban.Runtime;

namespace Aria.Pipelines.Mapping.Templates;

/// <summary>A list of the input. Scriban's own read-only flag does not stop <c>list[0] = …</c>, and the lists are shared by all templates of one evaluation.</summary>
internal sealed class FrozenArray : ScriptArray, IList
{
    private readonly bool _frozen;

    public FrozenArray(IEnumerable<object?> items)
    {
        foreach (object? item in items)
        {
            base.Add(item);
        }
        base.IsReadOnly = true;
        _frozen = true;
    }

    public override object? this[int index]
    {
        get => base[index];
        set => ThrowIfFrozen();
    }

    // Scriban assigns through the interface, which in its own class goes round the indexer.
    object? IList.this[int index]
    {
        get => base[index];
        set => ThrowIfFrozen();
    }

    public override void Add(object? item)
    {
        ThrowIfFrozen();
        base.Add(item);
    }

    public override void Insert(int index, object? item) => ThrowIfFrozen();

    public override void RemoveAt(int index) => ThrowIfFrozen();

    public override void Clear() => ThrowIfFrozen();

    private void ThrowIfFrozen()
    {
        if (_frozen)
        {
            throw new MappingLimitException(MappingCodes.TemplateError, "A list of the input cannot be changed.", "Make a new one, for example with array.add.");
        }
    }
}
