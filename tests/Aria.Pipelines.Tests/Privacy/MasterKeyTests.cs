using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Tests.Privacy;

public sealed class MasterKeyTests
{
    private const string HowTo =
        "Make one with 'openssl rand -base64 32' and put it here: entry 'master-key' of the secrets in memory. "
        + "Keep a copy apart from the backups of the store: without it nothing in the store can be read.";

    [Fact]
    public void Key_MissingWhileAStoreIsThere_AsksForTheFormerOne()
    {
        string message = Should.Throw<MasterKeyException>(() => MasterKey.FromSecrets(Secrets(null), "data/aria.db")).Message;

        message.ShouldStartWith("Secret 'master-key' is missing: without it the store cannot read what it keeps. The store 'data/aria.db' was made with a master key: put that one here: ");
        message.ShouldNotContain("openssl");
    }

    [Fact]
    public void Key_Missing_SaysHowToMakeOne() =>
        Should.Throw<MasterKeyException>(() => MasterKey.FromSecrets(Secrets(null))).Message
            .ShouldBe($"Secret 'master-key' is missing: without it the store cannot encrypt what it keeps. {HowTo}");

    [Theory]
    [InlineData("password")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Key_NotBase64Of32Bytes_IsRefusedWithoutShowingIt(string text)
    {
        string message = Should.Throw<MasterKeyException>(() => MasterKey.FromSecrets(Secrets(text))).Message;

        message.ShouldBe($"Secret 'master-key' is not base64 of 32 bytes. {HowTo}");
    }

    [Fact]
    public void Key_SameSecret_OpensWhatItWrapped()
    {
        string secret = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        MasterKey one = MasterKey.FromSecrets(Secrets(secret));
        MasterKey two = MasterKey.FromSecrets(Secrets(secret));

        two.Unwrap(one.Wrap(new byte[32], "here"), "here").ShouldBe(new byte[32]);
        two.CheckValue().ShouldBe(one.CheckValue());
        MasterKey.Ephemeral().CheckValue().ShouldNotBe(one.CheckValue());
    }

    private static MemorySecretSource Secrets(string? key) =>
        new(key is null ? [] : new Dictionary<string, string> { [MasterKey.SecretName] = key });
}
