using Aria.Pipelines.Effects;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>A secret that is replaced between two attempts at one effect.</summary>
public sealed class SecretReplacementTests
{
    [Fact]
    public async Task Perform_SecretReplacedWhileTheRunWaited_NextAttemptHasTheNewOneAndNoneTheOldAfterItsEnd()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Status(503), EffectRig.Status(503), EffectRig.Status(503));
        rig.Tokens = [new("next"), new("token", rig.Time.GetUtcNow().AddDays(1))];
        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Again>();
        rig.Time.Advance(TimeSpan.FromHours(1));
        rig.Secrets["next"] = "token-2";

        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Again>();

        rig.Requests.Select(r => r.Authorization).ShouldBe(["Bearer token-1", "Bearer token-2"]);
        rig.Time.Advance(TimeSpan.FromDays(2));
        rig.Secrets.Remove("next");
        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Failed>().Problem.Code.ShouldBe("secret_not_found");
        rig.Requests.Count.ShouldBe(2);
    }
}
