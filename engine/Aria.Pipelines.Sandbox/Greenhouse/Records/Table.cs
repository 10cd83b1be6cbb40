namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>Entities of one resource; new ones have ever higher ids.</summary>
internal sealed class Table<T>(long firstId)
    where T : Entity
{
    private readonly List<T> _rows = [];
    private readonly Dictionary<long, T> _byId = [];

    public long NextId => _rows.Count == 0 ? firstId : Math.Max(firstId, _rows[^1].Id + 1);

    public IReadOnlyList<T> Rows => _rows;

    public T Add(T row)
    {
        _byId.Add(row.Id, row);
        _rows.Add(row);
        return row;
    }

    public T? Find(long id) => _byId.GetValueOrDefault(id);
}
