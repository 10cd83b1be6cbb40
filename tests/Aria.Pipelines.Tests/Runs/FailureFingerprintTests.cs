using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Runs;

namespace Aria.Pipelines.Tests.Runs;

public sealed class FailureFingerprintTests
{
    private const string Message = "'greenhouse' refused 'interview.write' with status 422: field 12 of application 4711 is unknown";

    [Theory]
    [InlineData("'greenhouse' refused 'interview.write' with status 422: field 9 of application 98000012 is unknown")]
    [InlineData("  'greenhouse' refused 'interview.write' with status 422: field 12.5 of application 2026-09-01T08:00:00 is unknown ")]
    public void Of_OtherNumbers_IsTheSame(string message) => Of(message).ShouldBe(Of(Message));

    [Theory]
    [InlineData("'jane.doe@example.com' has no application", "'otto@example.org' has no application")]
    [InlineData("run 01K40000000000000000000001 stopped", "run 01K4ZZZZZZZZZZZZZZZZZZZZZZ stopped")]
    [InlineData("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is gone", "id aa2504e0-4f89-11d3-9a0c-0305e82c33ff is gone")]
    [InlineData("see https://a.example/x?y=1 for more", "see https://b.example/z for more")]
    [InlineData("key 9f86d081884c7d65 differs", "key 0011aabbccddeeff differs")]
    public void Of_OtherIdsAndAddresses_IsTheSame(string one, string other) => Of(one).ShouldBe(Of(other));

    [Fact]
    public void Of_OtherPipelineStepCodeOrWords_Differs()
    {
        string[] all =
        [
            Of(Message), Of(Message, pipeline: "other"), Of(Message, step: "other"), Of(Message, code: "other"), Of("'greenhouse' refused 'note.add' with status 422"),
            Of("the effect faded"), Of("the effect was defaced"),
        ];

        all.Distinct().Count().ShouldBe(all.Length);
        all.ShouldAllBe(f => f.Length == 16);
    }

    [Fact]
    public void Of_Failure_KeepsTheStep() =>
        FailureFingerprint.Of("p", "write", Problem("x", Message)).Step.ShouldBe("write");

    private static string Of(string message, string pipeline = "invite", string step = "write", string code = "rejected") =>
        FailureFingerprint.Of(pipeline, step, Problem(code, message)).Fingerprint;

    private static Diagnostic Problem(string code, string message) => new(code, DiagnosticSeverity.Error, message, "", null, null, null, DiagnosticFault.Remote);
}
