using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public sealed class LiteDbEffectTests : EffectContract
{
    private protected override Task<IStore> OpenAsync(string folder) => LiteDbFiles.OpenAsync(folder, Time);
}
