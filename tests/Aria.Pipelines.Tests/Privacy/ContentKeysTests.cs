using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Tests.Privacy;

public sealed class ContentKeysTests
{
    private static readonly MasterKey Master = MasterKey.Ephemeral();

    private readonly ContentKeys keys = new(Master, new byte[32]);

    [Fact]
    public void Content_Sealed_OpensOnlyAtItsPlace()
    {
        (DataKey key, byte[] wrapped) = keys.NewDataKey("e1");
        byte[] box = key.Seal("Zoë"u8.ToArray(), "event", "e1", "body_ct")!;

        keys.OpenDataKey("e1", wrapped).Open(box, "event", "e1", "body_ct").ShouldBe("Zoë"u8.ToArray());
        Should.Throw<ContentIntegrityException>(() => key.Open(box, "step", "e1", "body_ct"));
        Should.Throw<ContentIntegrityException>(() => key.Open(box, "event", "e2", "body_ct"));
        Should.Throw<ContentIntegrityException>(() => key.Open(box, "event", "e1", "headers_ct"));
        Should.Throw<ContentIntegrityException>(() => keys.OpenDataKey("e2", wrapped));
    }

    [Fact]
    public void Content_AnyByteChangedOrMissing_DoesNotOpen()
    {
        DataKey key = keys.NewDataKey("e1").Key;
        byte[] box = key.Seal("content"u8.ToArray(), "event", "e1", "body_ct")!;

        for (int i = 0; i < box.Length; i++)
        {
            byte[] changed = [.. box];
            changed[i] ^= 0x10;
            Should.Throw<ContentIntegrityException>(() => key.Open(changed, "event", "e1", "body_ct"));
            Should.Throw<ContentIntegrityException>(() => key.Open(box[..i], "event", "e1", "body_ct"));
        }
    }

    [Fact]
    public void Content_EmptyAndNull_StayThemselves()
    {
        DataKey key = keys.NewDataKey("e1").Key;

        key.Open(key.Seal([], "event", "e1", "body_ct"), "event", "e1", "body_ct").ShouldBe([]);
        key.Seal(null, "event", "e1", "body_ct").ShouldBeNull();
        key.Open(null, "event", "e1", "body_ct").ShouldBeNull();
    }

    [Fact]
    public void Hash_OfOtherPurposePepperOrFraming_Differs()
    {
        byte[] hash = keys.Hash("once", "ab", "c");

        keys.Hash("once", "ab", "c").ShouldBe(hash);
        keys.Hash("once", "a", "bc").ShouldNotBe(hash);
        keys.Hash("dedupe", "ab", "c").ShouldNotBe(hash);
        new ContentKeys(Master, Enumerable.Repeat((byte)1, 32).ToArray()).Hash("once", "ab", "c").ShouldNotBe(hash);
    }

    [Fact]
    public void Hash_StaysWhatStoresHold()
    {
        Convert.ToHexStringLower(keys.Hash("once", "Zoë", "c")).ShouldBe("f3d9bc76e7e9eec6d2efc61b5d68d1731b2521d0c6d2f6636e8843b705db20c3");
        Convert.ToHexStringLower(keys.Hash("dedupe", "greenhouse", [1, 2, 3])).ShouldBe("2f1ec98630b413e99d8bbb3a96caf045f01411c122fab9439a7d9e92daa686f8");
    }

    [Fact]
    public async Task Content_SealedMoreOftenThanNoncesAreDrawnAtOnce_EachValueHasItsOwn()
    {
        string[][] drawn = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                DataKey key = keys.NewDataKey("e1").Key;
                return Enumerable.Range(0, 300).Select(_ => Convert.ToHexString(key.Seal([7], "event", "e1", "body_ct")!, 1, 12)).ToArray();
            },
            TestContext.Current.CancellationToken)));
        drawn.SelectMany(n => n).ShouldBeUnique();
    }
}
