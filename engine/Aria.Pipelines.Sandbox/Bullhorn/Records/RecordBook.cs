using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn.Records;

/// <summary>One entity. Guarded by the sandbox's lock.</summary>
internal sealed class Record(EntityType type, long id)
{
    public EntityType Type { get; } = type;

    public long Id { get; } = id;

    /// <summary>Values by field; what is absent is null.</summary>
    public JsonObject Values { get; } = new() { ["id"] = id };

    /// <summary>The id behind an association; null without one.</summary>
    public long? To(string field) => SandboxJson.Whole((Values[field] as JsonObject)?["id"]);

    public string? Text(string field) => SandboxJson.Text(Values[field]);
}

/// <summary>One change.</summary>
/// <param name="Record">What was changed.</param>
/// <param name="IsNew">True when it was made.</param>
/// <param name="Properties">What changed in it.</param>
/// <param name="Person">Who did it.</param>
/// <param name="Transaction">By what its history names the change; null without one.</param>
internal sealed record RecordChange(Record Record, bool IsNew, IReadOnlyList<string> Properties, long Person, string? Transaction);

/// <summary>All entities, and what is told of their changes. Guarded by the sandbox's lock.</summary>
internal sealed class RecordBook(BullhornOptions options)
{
    private readonly Dictionary<string, SortedDictionary<long, Record>> _records = EntityType.All.Keys.ToDictionary(n => n, _ => new SortedDictionary<long, Record>());
    private long _lastId = 5_000_000;
    private long _lastSubmission = 4700;

    /// <summary>Takes every change.</summary>
    public Action<RecordChange>? Changed { get; set; }

    private JsonNode Now => JsonValue.Create(options.Time.GetUtcNow().ToUnixTimeMilliseconds());

    public IEnumerable<Record> Of(EntityType type) => _records[type.Name].Values;

    public Record? Find(string type, long id) => _records[type].GetValueOrDefault(id);

    /// <summary>Makes a record.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="values">Its values, examined already.</param>
    /// <param name="person">Who makes it.</param>
    /// <param name="id">Its id; null for the next one.</param>
    public Record Add(EntityType type, JsonObject values, long person, long? id = null)
    {
        var record = new Record(type, id ?? (type == EntityType.JobSubmission ? ++_lastSubmission : ++_lastId));
        Write(record, values);
        foreach (string date in (string[])["dateAdded", "dateLastModified"])
        {
            if (type.Fields.ContainsKey(date) && record.Values[date] is null)
            {
                record.Values[date] = Now;
            }
        }
        if (type.Fields.ContainsKey("isDeleted"))
        {
            record.Values["isDeleted"] ??= false;
        }
        _records[type.Name].Add(record.Id, record);
        if (type == EntityType.JobSubmission && options.HistoryBegins)
        {
            Remember(record, person, null);
        }
        Changed?.Invoke(new RecordChange(record, true, [], person, null));
        return record;
    }

    /// <summary>Changes a record; what is as it was is no change.</summary>
    public void Update(Record record, JsonObject values, long person)
    {
        string[] changed = [.. values.Where(v => !JsonNode.DeepEquals(v.Value, record.Values[v.Key])).Select(v => v.Key)];
        if (changed.Length == 0)
        {
            return;
        }
        Write(record, values);
        record.Values["dateLastModified"] = Now;
        string? transaction = record.Type == EntityType.JobSubmission ? Guid.NewGuid().ToString() : null;
        if (transaction is not null)
        {
            Remember(record, person, transaction);
        }
        Changed?.Invoke(new RecordChange(record, false, changed, person, transaction));
    }

    private void Remember(Record submission, long person, string? transaction)
    {
        var entry = new Record(EntityType.JobSubmissionHistory, ++_lastId);
        Write(entry, new JsonObject
        {
            ["jobSubmission"] = new JsonObject { ["id"] = submission.Id },
            ["modifyingUser"] = new JsonObject { ["id"] = person },
            ["status"] = submission.Text("status"),
            ["transactionID"] = transaction,
            ["dateAdded"] = Now,
        });
        _records[entry.Type.Name].Add(entry.Id, entry);
    }

    private static void Write(Record record, JsonObject values)
    {
        foreach ((string name, JsonNode? value) in values)
        {
            record.Values[name] = value?.DeepClone();
        }
    }
}
