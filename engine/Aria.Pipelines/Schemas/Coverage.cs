namespace Aria.Pipelines.Schemas;

/// <summary>Which properties or items of one value some keyword has looked at, by their position in the text.</summary>
internal sealed class Coverage
{
    private ulong _first;
    private ulong[] _further = [];
    private bool _all;

    public void MarkAll() => _all = true;

    public void Mark(int index)
    {
        if (index < 64)
        {
            _first |= 1UL << index;
            return;
        }
        int block = (index / 64) - 1;
        Grow(block + 1);
        _further[block] |= 1UL << (index % 64);
    }

    public bool Has(int index)
    {
        if (_all || index < 64)
        {
            return _all || (_first & (1UL << index)) != 0;
        }
        int block = (index / 64) - 1;
        return block < _further.Length && (_further[block] & (1UL << (index % 64))) != 0;
    }

    public void Merge(Coverage other)
    {
        _all |= other._all;
        _first |= other._first;
        Grow(other._further.Length);
        for (int i = 0; i < other._further.Length; i++)
        {
            _further[i] |= other._further[i];
        }
    }

    private void Grow(int blocks)
    {
        if (blocks > _further.Length)
        {
            Array.Resize(ref _further, Math.Max(blocks, _further.Length * 2));
        }
    }
}
