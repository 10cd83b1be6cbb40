using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>Somebody changes the chain in the file.</summary>
public sealed class SqliteAuditTests : AuditContract
{
    [Theory]
    [InlineData("DELETE FROM audit WHERE n = 2", 2, "Row 2 is missing; the next one is row 3.")]
    [InlineData("UPDATE audit SET row_ct = zeroblob(40) WHERE n = 2", 2, "Row 2 was changed.")]
    [InlineData("UPDATE audit SET mac = zeroblob(32) WHERE n = 1", 1, "Row 1 was changed.")]
    [InlineData("UPDATE audit SET row_ct = (SELECT row_ct FROM audit WHERE n = 1) WHERE n = 3", 3, "Row 3 was changed.")]
    [InlineData("UPDATE audit SET prev = zeroblob(32) WHERE n = 3", 3, "Row 3 does not follow the row before it.")]
    [InlineData("DELETE FROM audit WHERE n = 4", 4, "The chain was cut: row 4 and those after it are missing; the last one was row 4.")]
    [InlineData("DELETE FROM audit", 1, "The chain was cut: row 1 and those after it are missing; the last one was row 4.")]
    [InlineData("DELETE FROM meta WHERE name = 'audit_head'", 5, "The record of the last row is missing or was changed.")]
    public async Task Verify_RowChangedInTheFile_NamesTheFirstBadOne(string sql, long row, string reason)
    {
        await AppendAsync("a", "b", "c", "d");
        await Store.DisposeAsync();
        using (SqliteSession session = SqliteSession.OpenWriter(SqliteFiles.DataFile(Folder), SqliteFiles.Identity))
        {
            session.Script(sql);
        }
        await ReopenAsync();

        AuditVerdict verdict = await Store.Audit.VerifyAsync(null, Stop);

        (verdict.FirstBad, verdict.Reason).ShouldBe((row, reason));
    }

    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}
