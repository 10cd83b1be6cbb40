using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A rule that an earlier one hides is a promise that nobody keeps.</summary>
internal sealed class ReachableErrorRule() : BehaviourRule("CB18", "Every declared class of answer is reached.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        IReadOnlyList<ErrorRule> rules = subject.Connector.Http.Errors;
        foreach ((ErrorRule rule, int number) in rules.Select((r, i) => (r, i)).Where(r => r.r.Kind is not null && r.r.When is null))
        {
            bool reached = Enumerable.Range(rule.From, rule.To - rule.From + 1).Any(status => First(rules, status) == number);
            if (!reached)
            {
                yield return Found(subject.At("http", "errors"), $"Rule {number + 1}, for {rule.From} to {rule.To}, is never reached: earlier ones classify all of these.", "Put it before them, or remove it.");
            }
        }
        foreach (int status in (int[])[429, 503])
        {
            var limited = new ConnectorResponse(status, new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes("{}"));
            if (AnswerClassifier.Classify(rules, limited, _ => JsonElement.Parse("{}")).Kind == AnswerKind.Success)
            {
                yield return Found(subject.At("http", "errors"), $"{status} counts as success.", "It means that nothing was done, or that nobody knows.");
            }
        }
    }

    private static int First(IReadOnlyList<ErrorRule> rules, int status) =>
        rules.Select((r, i) => (r, i)).Where(r => r.r.Kind is not null && r.r.When is null && status >= r.r.From && status <= r.r.To).Select(r => r.i).DefaultIfEmpty(-1).First();
}

/// <summary>A connector without a limit spends the account's budget in a minute.</summary>
internal sealed class BudgetRule() : BehaviourRule("CB19", "The connector has a request budget.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        if (subject.Connector.Http.Limit is null)
        {
            yield return Found(subject.At("http"), "There is no limit of requests.", "Add \"limits\": what the vendor documents, or a careful one where it documents none.");
        }
    }
}

/// <summary>A credential in a plain setting would be stored and shown.</summary>
internal sealed class SecretSettingsRule() : BehaviourRule("CB23", "Settings that hold credentials are secrets.")
{
    private static readonly string[] Words = ["secret", "password", "apikey", "token", "privatekey"];
    private static readonly string[] Harmless = ["url", "path", "header", "name", "prefix", "kind", "type", "lifetime", "as"];

    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject) =>
        from setting in subject.Connector.Settings.Values
        let name = setting.Name.ToLowerInvariant()
        where setting.Type == "string" && Array.Exists(Words, name.Contains) && !Array.Exists(Harmless, name.EndsWith)
        select Found(subject.At("settings", setting.Name), $"The setting '{setting.Name}' sounds like a credential and is a plain string.", "Write \"type\": \"secret\".");
}
