using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Operations can be prepared, keep what their effect class promises, and understand refusals.</summary>
internal static class OperationRules
{
    private const string Key = "behaviour-effect-1";

    // What a status means unless the vendor says otherwise, and what a rule of the connector may make of it.
    private static readonly (int Status, AnswerKind[] Allowed, string Why)[] Meanings =
    [
        (200, [AnswerKind.Success], "a success without a word of failure is one"),
        (400, [AnswerKind.Rejected], "a bad request was not done, and will not be"),
        (401, [AnswerKind.Reauthenticate, AnswerKind.Rejected], "credentials that are refused are renewed, or are wrong"),
        (403, [AnswerKind.Rejected, AnswerKind.Reauthenticate, AnswerKind.RateLimited], "what is forbidden was not done"),
        (404, [AnswerKind.Rejected], "what is not there was not changed"),
        (408, [AnswerKind.Unknown], "a request that timed out may have been done"),
        (409, [AnswerKind.Unknown, AnswerKind.Rejected, AnswerKind.Success], "a conflict"),
        (422, [AnswerKind.Rejected], "what cannot be processed was not done"),
        (429, [AnswerKind.RateLimited], "over a limit: work waits and uses up no attempt"),
        (500, [AnswerKind.Unknown], "a server that failed may have done it before"),
        (502, [AnswerKind.Unknown], "a gateway does not know what became of it"),
        (503, [AnswerKind.Unknown, AnswerKind.RateLimited], "it may have been done, unless the vendor says that this is its limit"),
        (504, [AnswerKind.Unknown], "a gateway that waited does not know what became of it"),
    ];

    private static readonly (string Type, string Text)[] Bodies =
    [
        ("application/json", "{}"), ("application/json", "null"), ("application/json", "[]"), ("application/json", ""), ("text/html", "<html><body>Bad Gateway</body></html>"), ("application/json", "{ \"error\": { \"message\": \"x"),
    ];

    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new("CB18", "every operation can be prepared from its samples, and the same input gives the same request", "Correct the mapping; no clock and no chance in it.", NoOperations, Prepared),
        new("CB19", "an effect class claims no more than the request shows", "See 'effect' in plugins/README.md: claim no more than the vendor promises.", NoOperations, Honest),
        new("CB20", "answers mean what they say: refused, over a limit, log in again, unknown", "Correct 'http.errors'; a rule without 'is' only finds the message.", BehaviourRules.Always, Classified),
        new("CB21", "outputs look as they are declared", "Correct 'output', 'sample' or 'outputSchema'.", NoOperations, OutputsFit),
    ];

    private static string? NoOperations(TestedConnector tested) => tested.Connector.Operations.Count == 0 ? "it has no operations" : null;

    private static IEnumerable<BehaviourProblem> Prepared(TestedConnector tested)
    {
        foreach (ConnectorOperation operation in tested.Connector.Operations.Values.Where(o => o.Parts.Count == 0))
        {
            if (SampleInput.Of(tested, operation) is not { } input)
            {
                continue;
            }
            Preparation first = Prepare(tested, operation, input, Key);
            // A refusal that the connector declares is an answer: an account with defaults alone may lack what a setting has to name.
            if (first.Problem is { } problem && operation.Refusals.All(r => r.Code != problem.Code))
            {
                yield return new(Place(tested, operation, problem), $"'{operation.Name}' cannot be prepared from {input.GetRawText()}: {problem.Summary} {problem.Detail}".TrimEnd());
            }
            else if (first.Frozen is { } frozen && !frozen.AsSpan().SequenceEqual(Prepare(tested, operation, input, Key).Frozen))
            {
                yield return new(tested.At("operations", operation.Name, "request"), $"'{operation.Name}' gives another request each time, so nobody could tell whether it was sent before.");
            }
        }
    }

    /// <summary>Where a mapping says that it failed; otherwise where the operation stands.</summary>
    private static SourcePosition Place(TestedConnector tested, ConnectorOperation operation, Diagnostic problem) =>
        problem.File is null ? tested.At("operations", operation.Name) : new SourcePosition(problem.File, problem.Line, problem.Column);

    private static IEnumerable<BehaviourProblem> Honest(TestedConnector tested)
    {
        foreach (ConnectorOperation operation in tested.Connector.Operations.Values.Where(o => o.Request is not null))
        {
            string method = operation.Request!.Method;
            EffectClass effect = operation.EffectFor(tested.Account);
            if (effect == EffectClass.Read && method is "PUT" or "PATCH" or "DELETE")
            {
                yield return new(tested.At("operations", operation.Name, "effect"), $"'{operation.Name}' is of class read and sends {method}: it would be repeated at will.");
            }
            if (effect != EffectClass.Read && method is "GET" or "HEAD")
            {
                yield return new(tested.At("operations", operation.Name, "effect"), $"'{operation.Name}' is of class {Name(effect)} and sends {method}: a read is not a change.");
            }
            if (effect == EffectClass.Lookup && IsAlwaysNew(operation) && !IsNamedByUs(tested, operation))
            {
                yield return new(tested.At("operations", operation.Name, "lookup"), $"'{operation.Name}' makes something and sends nothing by which its look-up could tell it from another one with the same content.", "Put '{{ effect.key }}' into what is made, and look for it.");
            }
        }
    }

    private static Preparation Prepare(TestedConnector tested, ConnectorOperation operation, JsonElement input, string key) =>
        tested.Operations.PrepareOffline(tested.Account, operation, input, key) is { Frozen: not null } made ? made : tested.Operations.PrepareOffline(tested.FullAccount, operation, input, key);

    /// <summary>True when the request holds the key of the effect, so that two effects differ.</summary>
    private static bool IsNamedByUs(TestedConnector tested, ConnectorOperation operation) =>
        SampleInput.Of(tested, operation) is not { } input
        || Prepare(tested, operation, input, Key).Frozen is not { } one
        || Prepare(tested, operation, input, $"{Key}-other").Frozen is not { } other
        || !one.AsSpan().SequenceEqual(other);

    /// <summary>True when asking twice for the same means two of them: notes with one text, invitations of one person.</summary>
    private static bool IsAlwaysNew(ConnectorOperation operation) => operation.Reference is not null && operation.Name.Split('.')[^1] is "add" or "create";

    private static IEnumerable<BehaviourProblem> Classified(TestedConnector tested)
    {
        foreach ((int status, AnswerKind[] allowed, string why) in Meanings)
        {
            foreach ((string type, string text) in Bodies.Where(b => status != 200 || b.Text == "{}"))
            {
                var response = new ConnectorResponse(status, new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = [type] }, Encoding.UTF8.GetBytes(text));
                AnswerKind kind = AnswerClassifier.Classify(tested.Connector.Http.Errors, response, r => AnswerReader.Body(tested.Connector, r)).Kind;
                if (!allowed.Contains(kind))
                {
                    yield return new(tested.At("http", "errors"), string.Create(CultureInfo.InvariantCulture, $"Status {status} counts as {Name(kind)}: {why}."));
                    break;
                }
            }
        }
    }

    private static IEnumerable<BehaviourProblem> OutputsFit(TestedConnector tested)
    {
        foreach (ConnectorOperation operation in tested.Connector.Operations.Values)
        {
            if (operation.OutputSchema?.Validate(operation.Sample) is { Count: > 0 } misfits)
            {
                yield return new(tested.At("operations", operation.Name, "sample"), $"'sample' of '{operation.Name}' is not as 'outputSchema' has it: '{misfits[0].InstancePointer}': {misfits[0].Message}");
            }
            string? failure = null;
            try
            {
                failure = SampleInput.OutputOfReads(tested, operation) is { } output && operation.OutputSchema?.Validate(output) is { Count: > 0 } found ? $"'{found[0].InstancePointer}': {found[0].Message}" : null;
            }
            catch (MappingException e)
            {
                failure = e.Diagnostic.ToString();
            }
            if (failure is not null)
            {
                yield return new(tested.At("operations", operation.Name, "output"), $"'output' of '{operation.Name}' over the samples of its reads: {failure}");
            }
        }
    }

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
