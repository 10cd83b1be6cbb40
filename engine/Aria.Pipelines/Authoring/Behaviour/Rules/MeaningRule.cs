using System.Globalization;
using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>What an answer means decides whether a change is repeated, looked for, or given up.</summary>
internal sealed class MeaningRule() : BehaviourRule("CB25", "A status means what it says, whatever body it comes with: done, refused, over a limit, log in again, or unknown.")
{
    // A rule of the connector may narrow these, never turn what is unknown into a refusal or a success.
    private static readonly (int Status, AnswerKind[] Allowed, string Why)[] Meanings =
    [
        (200, [AnswerKind.Success], "nothing in it says that it failed"),
        (400, [AnswerKind.Rejected], "a bad request was not done, and will not be"),
        (401, [AnswerKind.Reauthenticate], "a token that is refused is renewed"),
        (404, [AnswerKind.Rejected], "what is not there was not changed"),
        (408, [AnswerKind.Unknown], "a request that took too long may have been done"),
        (422, [AnswerKind.Rejected], "what cannot be processed was not done"),
        (429, [AnswerKind.RateLimited], "work that is over a limit waits, and uses up no attempt"),
        (500, [AnswerKind.Unknown], "a server that failed may have done it before"),
        (502, [AnswerKind.Unknown], "a gateway does not know what became of it"),
        (503, [AnswerKind.Unknown, AnswerKind.RateLimited], "it may have been done, unless the vendor says that this is its limit"),
        (504, [AnswerKind.Unknown], "a gateway that waited does not know what became of it"),
    ];

    private static readonly (string Type, string Text)[] Bodies =
    [
        ("application/json", "{}"), ("application/json", "null"), ("application/json", "[]"), ("application/json", ""), ("text/html", "<html>Bad Gateway</html>"), ("application/json", "{ \"error\": \"cut"),
    ];

    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach ((int status, AnswerKind[] allowed, string why) in Meanings)
        {
            foreach ((string type, string text) in Bodies.Take(status == 200 ? 1 : Bodies.Length))
            {
                var response = new ConnectorResponse(status, new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = [type] }, Encoding.UTF8.GetBytes(text));
                AnswerKind kind = AnswerClassifier.Classify(subject.Connector.Http.Errors, response, r => AnswerReader.Body(subject.Connector, r)).Kind;
                if (!allowed.Contains(kind))
                {
                    yield return Found(subject.At("http", "errors"), string.Create(CultureInfo.InvariantCulture, $"{status} counts as {kind}, with the body '{text}': {why}."), "Narrow the rule of http.errors; one without \"is\" only finds the message.");
                    break;
                }
            }
        }
    }
}
