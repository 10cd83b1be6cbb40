using System.Text;
using LiteDB;
using LiteDB.Engine;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// One open data file, used by one thread at a time. All reading and writing goes through it, so LiteDB never sees two transactions at once.
/// LiteDB takes no savepoints: an operation that fails is taken back by putting its documents as they were.
/// </summary>
internal sealed class LiteDbSession : IWriteSession
{
    private const int MaxDocument = 16_000_000;
    private const int MaxId = 1000;

    private readonly PagedFile file;
    private readonly LiteDatabase database;
    private readonly Dictionary<string, ILiteCollection<BsonDocument>> collections = [];
    private readonly List<Changed> changes = [];
    private Exception? failure;
    private bool hasChanged;

    private LiteDbSession(PagedFile file)
    {
        this.file = file;
        // The log needs no file: nothing in it counts before it has been copied into the data file, which is one atomic flush.
        database = new LiteDatabase(new LiteEngine(new EngineSettings
        {
            DataStream = file,
            LogStream = new MemoryStream(),
            TempStream = new MemoryStream(),
            Collation = Collation.Binary,
        }));
    }

    public bool IsSpent => file.IsSpent;

    /// <summary>Pages are written to their place after their journal was synced, so every commit is.</summary>
    public bool CanRelax => false;

    /// <summary>What is derived from the documents and kept in memory.</summary>
    public LiveRecords Live { get; } = new();

    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    public static LiteDbSession Open(string path, Func<string, IDiskFile> open)
    {
        PagedFile pages = PagedFile.Open(path, open);
        try
        {
            var session = new LiteDbSession(pages);
            session.Run(session.Prepare);
            return session;
        }
        catch (LiteException e)
        {
            pages.Dispose();
            throw new StoreDamagedException(path, e.Message, e);
        }
        catch
        {
            pages.Dispose();
            throw;
        }
    }

    public void SyncCommits(bool value)
    {
        // They all do.
    }

    public void BeginLogAnew()
    {
        // Opening the file has dealt with its journal.
    }

    // The commit then writes the counts anew.
    public void Touch() => hasChanged = true;

    public void Begin()
    {
        hasChanged = false;
        Run(database.BeginTrans);
    }

    public void Mark() => changes.Clear();

    public bool TryUndo()
    {
        for (int i = changes.Count - 1; i >= 0; i--)
        {
            Changed change = changes[i];
            Apply(change.Collection, change.Id, Find(change.Collection, change.Id), change.Before);
        }
        changes.Clear();
        return true;
    }

    public void Rollback() => throw new NotSupportedException("Every operation can be taken back by itself.");

    public void Commit()
    {
        if (hasChanged)
        {
            Put(Records.Meta, Live.Tally.Write());
        }
        Run(database.Commit);
        if (hasChanged)
        {
            // LiteDB has only queued the pages now. Copying them into the data file is what makes them durable.
            Run(database.Checkpoint);
        }
    }

    public bool IsOfTheStore(Exception exception) => failure is not null;

    public void Dispose()
    {
        if (failure is null && !file.IsSpent)
        {
            try
            {
                file.Settle();
            }
            catch (IOException)
            {
                // The journal stays, and whoever opens the file next writes its pages to their place.
            }
        }
        database.Dispose();
        file.Dispose();
    }

    /// <summary>A document by its id; null when there is none. It may be changed and put back.</summary>
    public BsonDocument? Find(string collection, BsonValue id) => Run(() => Collection(collection).FindById(id));

    /// <summary>Documents whose field (an indexed one, or the id) lies between two values, in its order.</summary>
    public List<BsonDocument> Range(string collection, string field, BsonValue from, BsonValue to, Selection? selection = null) =>
        Run(() => Stream(collection, field, from, to, selection ?? Selection.All).ToList());

    /// <summary>Documents whose id, or another indexed field, begins with a text.</summary>
    public List<BsonDocument> Under(string collection, string prefix, string field = "_id", Selection? selection = null) =>
        Range(collection, field, prefix, prefix + '\uffff', selection);

    /// <summary>Looks at every document, one after the other.</summary>
    public void Scan(string collection, Action<BsonDocument> look) => Run(() =>
    {
        foreach (BsonDocument document in Collection(collection).FindAll())
        {
            look(document);
        }
    });

    /// <summary>The ids of a collection whose ids are numbers; the documents are not read.</summary>
    public HashSet<long> Numbers(string collection) =>
        Run(() => Collection(collection).Query().OrderBy("_id").Select("$._id").ToDocuments().Select(d => d["_id"].AsInt64).ToHashSet());

    /// <summary>The greatest id of a collection whose ids are numbers; 0 when it is empty.</summary>
    public long Last(string collection) => Run(() => Collection(collection).Count() == 0 ? 0 : Collection(collection).Max().AsInt64);

    /// <summary>Adds a document, or replaces the one with its id.</summary>
    public void Put(string collection, BsonDocument document)
    {
        BsonValue id = document["_id"];
        Change(collection, id, Find(collection, id), document);
    }

    /// <summary>Adds a document whose id is known to be new.</summary>
    public void Add(string collection, BsonDocument document) => Change(collection, document["_id"], null, document);

    public void Remove(string collection, BsonValue id)
    {
        if (Find(collection, id) is BsonDocument document)
        {
            Change(collection, id, document, null);
        }
    }

    private IEnumerable<BsonDocument> Stream(string collection, string field, BsonValue from, BsonValue to, Selection selection)
    {
        var query = new Query { OrderBy = field, Order = selection.NewestFirst ? Query.Descending : Query.Ascending };
        query.Where.Add(Query.Between(field, from, to));
        return Collection(collection).Find(query).Where(selection.Fits).Take(selection.Max);
    }

    private void Change(string collection, BsonValue id, BsonDocument? before, BsonDocument? after)
    {
        RequireSize(collection, id, after);
        Apply(collection, id, before, after);
        changes.Add(new Changed(collection, id, before));
        hasChanged = true;
    }

    private void Apply(string collection, BsonValue id, BsonDocument? before, BsonDocument? after)
    {
        ILiteCollection<BsonDocument> target = Collection(collection);
        Run(() => after is null ? target.Delete(id) : before is null ? target.Insert(after) is not null : target.Update(after));
        Live.Observe(collection, before, after);
    }

    /// <summary>What LiteDB would refuse spoils the whole transaction, so it is refused before.</summary>
    private static void RequireSize(string collection, BsonValue id, BsonDocument? document)
    {
        if (id.IsString && Encoding.UTF8.GetByteCount(id.AsString) > MaxId)
        {
            throw new ArgumentException($"The id of a '{collection}' record is longer than {MaxId} bytes. The store 'litedb' keeps no such names; 'sqlite' does.", nameof(id));
        }
        if (document is not null && SizeOf(document) > MaxDocument)
        {
            throw new ArgumentException($"A '{collection}' record is larger than {MaxDocument} bytes. The store 'litedb' keeps none of that size; 'sqlite' does.", nameof(document));
        }
    }

    /// <summary>At least the bytes that a value takes.</summary>
    private static long SizeOf(BsonValue value) => value.Type switch
    {
        BsonType.Binary => value.AsBinary.Length + 10,
        BsonType.String => Encoding.UTF8.GetByteCount(value.AsString) + 10,
        BsonType.Document => value.AsDocument.Sum(field => field.Key.Length + SizeOf(field.Value)) + 10,
        BsonType.Array => value.AsArray.Sum(SizeOf) + 10,
        _ => 20,
    };

    private void Prepare()
    {
        if (database.CheckpointSize != 0)
        {
            // Only Commit checkpoints, so that closing after a failure writes nothing.
            database.CheckpointSize = 0;
        }
        Collection(Records.Event).EnsureIndex("id", "$.id", unique: true);
        Collection(Records.Event).EnsureIndex("by_state", "$.by_state");
        Collection(Records.Event).EnsureIndex("decoded_from", "$.decoded_from");
        Collection(Records.Run).EnsureIndex("id", "$.id", unique: true);
        Collection(Records.Run).EnsureIndex("event", "$.event");
        Collection(Records.Run).EnsureIndex("by_state", "$.by_state");
        Collection(Records.Run).EnsureIndex("by_pipeline", "$.by_pipeline");
        Collection(Records.Effect).EnsureIndex("place", "$.place");
        database.Checkpoint();
        Live.Load(this);
    }

    private ILiteCollection<BsonDocument> Collection(string name) =>
        collections.TryGetValue(name, out ILiteCollection<BsonDocument>? found) ? found : collections[name] = database.GetCollection(name);

    private void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>After any failure LiteDB has rolled back or closed itself: whatever it was, the session is not used again.</summary>
    private T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
    }

    private sealed record Changed(string Collection, BsonValue Id, BsonDocument? Before);
}
