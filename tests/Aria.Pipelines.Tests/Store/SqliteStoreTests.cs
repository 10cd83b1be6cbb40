using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public sealed class SqliteAcceptTests : AcceptContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}

public sealed class SqliteRunTests : RunContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}

public sealed class SqliteEffectTests : EffectContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}

public sealed class SqliteWaitTests : WaitContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}

public sealed class SqliteBudgetTests : BudgetContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}
