using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A secret with an end: used up to that instant, never after it, and a secret for ever.</summary>
public sealed class SecretEndTests : IAsyncLifetime
{
    private const string Bearer = "\"auth\": { \"bearer\": { \"token\": \"{{ settings.apiKey }}\" } }";

    private static readonly byte[] Body = """{"action":"ping"}"""u8.ToArray();

    private readonly ConnectorRig _rig = new();
    private Wire _wire = null!;

    public async ValueTask InitializeAsync()
    {
        _wire = await Wire.StartAsync(_rig, (_, response) => RemoteServer.Json(response, """{"error":"old-key-1"}""", 200));
        _rig.Secrets["old"] = "old-key-1";
        _rig.Secrets["new"] = "new-key-1";
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    [Theory]
    [InlineData(-TimeSpan.TicksPerSecond, null)]
    [InlineData(0, null)]
    [InlineData(1, "signature_invalid")]
    [InlineData(TimeSpan.TicksPerDay, "signature_invalid")]
    public void Delivery_SignedWithTheOldSecret_IsTakenUpToItsEndAndThoseWithTheNewOneAlways(long after, string? code)
    {
        Connection connection = Hook(new("new"), new("old", _rig.Time.GetUtcNow().AddTicks(TimeSpan.TicksPerHour - after)));
        _rig.Time.Advance(TimeSpan.FromHours(1));

        Reception old = _rig.Receiver.Receive(connection, Signed("old-key-1"));

        (old.RejectStatus, old.RejectCode).ShouldBe((code is null ? null : 401, code));
        _rig.Receiver.Receive(connection, Signed("new-key-1")).RejectStatus.ShouldBeNull();
    }

    [Fact]
    public void Delivery_WhileTimePasses_TheSameConnectionStopsTakingTheOldSecret()
    {
        Connection connection = Hook(new("new"), new("old", _rig.Time.GetUtcNow().AddHours(1)));
        _rig.Receiver.Receive(connection, Signed("old-key-1")).RejectCode.ShouldBeNull();

        _rig.Time.Advance(TimeSpan.FromHours(1));
        _rig.Receiver.Receive(connection, Signed("old-key-1")).RejectCode.ShouldBeNull();

        _rig.Time.Advance(TimeSpan.FromTicks(1));
        _rig.Receiver.Receive(connection, Signed("old-key-1")).RejectCode.ShouldBe("signature_invalid");
    }

    [Fact]
    public void Delivery_AllSecretsHaveExpired_IsRefusedAsWithoutOne()
    {
        Connection connection = Hook(new SecretName("old", _rig.Time.GetUtcNow().AddTicks(-1)));

        Reception refused = _rig.Receiver.Receive(connection, Signed("old-key-1"));

        (refused.RejectStatus, refused.RejectCode).ShouldBe((401, "no_secret"));
    }

    [Fact]
    public async Task Request_AfterTheEndOfTheFirst_CarriesTheNext()
    {
        Connection connection = Api(new("old", _rig.Time.GetUtcNow().AddHours(1)), new("new"));
        await _wire.DoAsync(connection);

        _rig.Time.Advance(TimeSpan.FromHours(2));
        await _wire.DoAsync(connection);

        _wire.Server.Requests.Select(r => r.Authorization).ShouldBe(["Bearer old-key-1", "Bearer new-key-1"]);
    }

    [Fact]
    public async Task Request_AllSecretsHaveExpired_IsNotSentAndSaysWhichExpiredWhenAndWhatToDo()
    {
        DateTimeOffset now = _rig.Time.GetUtcNow();
        Connection connection = Api(new("new", now.AddTicks(-5)), new("old", now.AddDays(-1)));

        OperationAnswer answer = await _wire.DoAsync(connection);

        (answer.Outcome, answer.Code, answer.IsPermanent).ShouldBe((OperationOutcome.NotSent, "secret_not_found", true));
        answer.Message.ShouldBe(
            "Secret 'new' of connection 'ats' (setting 'apiKey') expired at 2026-01-06T11:59:59.9999995Z. Write \"${secret:name}\" of the one that replaces it, or a later 'notAfter' if the system still takes it.");
        _wire.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_OldSecretHasExpiredAndTheNewOneIsNotThere_SaysHowToProvideTheNewOne()
    {
        _rig.Secrets.Remove("new");

        OperationAnswer answer = await _wire.DoAsync(Api(new("new"), new("old", _rig.Time.GetUtcNow().AddDays(-1))));

        answer.Message.ShouldBe("Secret 'new' of connection 'ats' (setting 'apiKey') is missing or empty. Provide it here: entry 'new' of the secrets in memory.");
    }

    [Fact]
    public async Task Answer_ThatRepeatsAnExpiredSecret_IsMasked()
    {
        Connection connection = Api(new("new"), new("old", _rig.Time.GetUtcNow().AddDays(-1)));

        OperationAnswer answer = await _wire.DoAsync(connection);

        _wire.Server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer new-key-1");
        Encoding.UTF8.GetString(answer.Response!).ShouldContain("***");
        Encoding.UTF8.GetString(answer.Response!).ShouldNotContain("old-key-1");
        _rig.Values.Mask(connection, "old-key-1 and new-key-1").ShouldBe("*** and ***");
    }

    [Fact]
    public async Task Trust_AuthorityHasExpired_NobodyIsTrusted()
    {
        Connection connection = Api(new SecretName("new")) with { Trust = [new("authority", _rig.Time.GetUtcNow().AddTicks(-1))] };
        _rig.Secrets["authority"] = "-----BEGIN CERTIFICATE-----";

        OperationAnswer answer = await _wire.DoAsync(connection);

        answer.Code.ShouldBe("secret_not_found");
        answer.Message.ShouldNotBeNull().ShouldStartWith("Secret 'authority' of connection 'ats' ('trust') expired at 2026-01-06T11:59:59.9999999Z.");
    }

    private static Connection Hook(params IReadOnlyList<SecretName> secrets) =>
        Plugins.Connect(Plugins.Greenhouse) with { SecretNames = new Dictionary<string, IReadOnlyList<SecretName>> { ["webhookSecret"] = secrets } };

    private static Delivery Signed(string secret) => new(
        "POST",
        new Dictionary<string, IReadOnlyList<string>> { ["Signature"] = ["sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body))] },
        new Dictionary<string, IReadOnlyList<string>>(),
        Body,
        DateTimeOffset.UnixEpoch);

    private Connection Api(params IReadOnlyList<SecretName> secrets) =>
        _wire.Connect(Bearer) with { SecretNames = new Dictionary<string, IReadOnlyList<SecretName>> { ["apiKey"] = secrets } };
}
