using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public sealed class SqliteOperatorTests : OperatorContract
{
    private protected override Task<IStore> OpenAsync(string folder) => SqliteFiles.OpenAsync(folder, Time);
}
