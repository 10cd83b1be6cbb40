using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>One resource of Harvest v3. Its JSON row is kept until the next change. Guarded by the account's lock.</summary>
internal abstract class Entity(long id, DateTimeOffset createdAt)
{
    private JsonObject? _row;

    public long Id { get; } = id;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    /// <summary>The row as v3 answers it. Never hand it out: copy or serialise it.</summary>
    public virtual JsonObject Row => _row ??= Build();

    public void Touch(DateTimeOffset at) => (UpdatedAt, _row) = (at, null);

    protected abstract JsonObject Build();
}
