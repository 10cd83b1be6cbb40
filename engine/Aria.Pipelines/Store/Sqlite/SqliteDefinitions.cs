namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Definition bundles by content hash. They hold no personal data and are kept in the clear.</summary>
internal static class SqliteDefinitions
{
    private const string SaveSql = """
        INSERT INTO definition (tenant, env, hash, pipeline, bundle) VALUES (@tenant, @env, @hash, @pipeline, @bundle)
        ON CONFLICT (tenant, env, hash) DO NOTHING
        """;

    private const string ReadSql = """
        SELECT bundle FROM definition WHERE tenant = @tenant AND env = @env AND hash = @hash
        """;

    public static void Save(SqliteSession session, string hash, string pipeline, byte[] bundle) =>
        session.Execute(SaveSql, ("@hash", hash), ("@pipeline", pipeline), ("@bundle", bundle));

    public static byte[]? Read(SqliteSession session, string hash) => DefinitionContent.Checked(hash, session.Bytes(ReadSql, ("@hash", hash)));
}
