using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

public sealed class AnswerClassifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 6, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200, AnswerKind.Success)]
    [InlineData(204, AnswerKind.Success)]
    [InlineData(301, AnswerKind.Rejected)]
    [InlineData(307, AnswerKind.Rejected)]
    [InlineData(400, AnswerKind.Rejected)]
    [InlineData(401, AnswerKind.Reauthenticate)]
    [InlineData(403, AnswerKind.Rejected)]
    [InlineData(404, AnswerKind.Rejected)]
    [InlineData(408, AnswerKind.Unknown)]
    [InlineData(409, AnswerKind.Unknown)]
    [InlineData(422, AnswerKind.Rejected)]
    [InlineData(425, AnswerKind.Unknown)]
    [InlineData(429, AnswerKind.RateLimited)]
    [InlineData(500, AnswerKind.Unknown)]
    [InlineData(503, AnswerKind.Unknown)]
    public void Classify_WithoutRules_Defaults(int status, object kind) =>
        AnswerClassifier.Classify([], Answer(status, ""), Read).Kind.ShouldBe((AnswerKind)kind);

    [Fact]
    public void Classify_Rules_FirstWithAKindClassifiesAndFirstMessageFoundExplains()
    {
        ErrorRule[] rules =
        [
            new(400, 599, null, "/errors/0"),
            new(409, 409, AnswerKind.Rejected, null),
            new(400, 599, AnswerKind.Unknown, "/message"),
        ];
        AnswerClassifier.Classify(rules, Answer(409, """{"message":"taken"}"""), Read).ShouldBe(new Verdict(AnswerKind.Rejected, "taken", null));
        AnswerClassifier.Classify(rules, Answer(422, """{"errors":["bad\nfield"],"message":"m"}"""), Read).ShouldBe(new Verdict(AnswerKind.Unknown, "bad field", null));
        AnswerClassifier.Classify(rules, Answer(422, "<html>"), Read).ShouldBe(new Verdict(AnswerKind.Unknown, null, null));
        AnswerClassifier.Classify(rules, Answer(200, """{"message":"m"}"""), Read).ShouldBe(new Verdict(AnswerKind.Success, null, null));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("99999999", 3600)]
    [InlineData("999999999999999999999999", 3600)]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT", 0)]
    [InlineData("Tue, 06 Jan 2026 12:01:00 GMT", 60)]
    [InlineData("Wed, 06 Jan 2027 12:01:00 GMT", 3600)]
    [InlineData("-5", null)]
    [InlineData("1e9", null)]
    [InlineData("abc", null)]
    [InlineData("", null)]
    public void RetryAfter_Value_CappedOrIgnored(string header, int? seconds)
    {
        ConnectorResponse answer = Answer(429, "") with { Headers = new Dictionary<string, IReadOnlyList<string>> { ["retry-after"] = [header] } };
        AnswerClassifier.RetryAfter(answer, Now).ShouldBe(seconds is { } s ? Now.AddSeconds(s) : null);
    }

    private static JsonElement? Read(ConnectorResponse response) => StrictJson.Read(response.Body) is { Code: null } json ? json.Root : null;

    private static ConnectorResponse Answer(int status, string body) =>
        new(status, new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes(body));
}
