using Aria.Pipelines.Effects;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>What an effect that is not settled says to people beside its code.</summary>
public sealed class EffectMessageTests
{
    [Fact]
    public async Task Perform_AnswerThatIsNotUnderstood_SaysWhy()
    {
        await using EffectRig rig = await EffectRig.StartAsync(async response =>
        {
            response.StatusCode = 201;
            await response.WriteAsync("made");
        });

        EffectResult.Review review = (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Review>();

        review.Code.ShouldBe("answer_not_understood");
        review.Message!.ShouldContain("not in the format that it claims");
    }

    [Fact]
    public async Task Perform_NobodyThere_SaysWhomItDidNotReach()
    {
        await using EffectRig away = await EffectRig.StartAsync();
        await away.StopServerAsync();

        EffectResult.Again again = (await away.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Again>();

        again.Message!.ShouldContain("127.0.0.1:");
    }
}
