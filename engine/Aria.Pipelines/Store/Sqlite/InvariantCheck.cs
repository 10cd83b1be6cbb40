namespace Aria.Pipelines.Store.Sqlite;

/// <summary>One invariant and the query that names what contradicts it.</summary>
internal sealed record InvariantCheck(string Id, string Promise, string Sql);
