namespace Aria.Pipelines.Definitions;

/// <summary>Reads the steps of a pipeline.</summary>
internal static class StepReader
{
    private static readonly string[] Kinds = ["action", "map", "await"];
    private static readonly string[] Reserved = ["forEach", "parallel", "call"];

    public static IReadOnlyList<StepDefinition> ReadAll(JsonCursor steps, DiagnosticBag bag) =>
        steps.IsArray(bag) ? [.. steps.Items().Select(s => Read(s, bag)).OfType<StepDefinition>()] : [];

    private static StepDefinition? Read(JsonCursor step, DiagnosticBag bag)
    {
        if (!step.IsObject(bag))
        {
            return null;
        }
        string[] kinds = [.. Kinds.Where(k => step.Optional(k) is not null)];
        foreach (string name in Reserved.Where(r => step.Optional(r) is not null))
        {
            bag.Error(DefinitionCodes.InvalidValue, step.Optional(name)!.Value.NamePosition, $"'{name}' is reserved for a later version.", "Write the steps out, or use several pipelines.");
            return null;
        }
        if (kinds.Length != 1)
        {
            string found = kinds.Length == 0 ? "none" : string.Join(" and ", kinds);
            bag.Error(DefinitionCodes.InvalidValue, step.Position, $"A step is exactly one of 'action', 'map' and 'await'; this one has {found}.");
            return null;
        }
        var common = new StepDefinition
        {
            Id = step.Required("id", bag)?.Identifier(bag) ?? "",
            Position = step.Position,
            Written = step,
            When = step.Optional("when"),
        };
        return kinds[0] switch
        {
            "action" => Action(step, common, bag),
            "map" => Map(step, common, bag),
            _ => Await(step, common, bag),
        };
    }

    private static StepDefinition Action(JsonCursor step, StepDefinition common, DiagnosticBag bag)
    {
        step.AllowOnly(bag, "id", "when", "action", "with", "once", "retry", "timeout", "onFailure", "onUnknown");
        JsonCursor? failure = step.Optional("onFailure");
        bool hasSteps = failure?.Kind == System.Text.Json.JsonValueKind.Array;
        return common with
        {
            Action = step.Required("action", bag)?.Reference(bag),
            With = step.Optional("with"),
            Once = step.Optional("once") is { } once ? Once(once, bag) : null,
            Retry = step.Optional("retry") is { } retry ? Retry(retry, bag) : null,
            Timeout = AttemptTime.Read(step, bag),
            OnFailure = failure is { } word && !hasSteps ? word.OneOf(bag, "stop", "continue") : null,
            OnFailureSteps = hasSteps ? ReadAll(failure!.Value, bag) : [],
            OnUnknown = step.Optional("onUnknown")?.OneOf(bag, "review", StepDefinition.SendAgain),
        };
    }

    private static StepDefinition Map(JsonCursor step, StepDefinition common, DiagnosticBag bag)
    {
        step.AllowOnly(bag, "id", "when", "map");
        return common with { Map = step.Optional("map") };
    }

    private static StepDefinition Await(JsonCursor step, StepDefinition common, DiagnosticBag bag)
    {
        step.AllowOnly(bag, "id", "when", "await");
        JsonCursor value = step.Optional("await")!.Value;
        if (!value.IsObject(bag))
        {
            return common;
        }
        value.AllowOnly(bag, "on", "match", "timeout", "onTimeout");
        List<Reference> on = [];
        if (value.Required("on", bag) is { } events && events.IsArray(bag))
        {
            on.AddRange(events.Items().Select(e => e.Reference(bag)).OfType<Reference>());
            if (events.Element.GetArrayLength() == 0)
            {
                bag.Error(DefinitionCodes.InvalidValue, events.Position, "An await needs at least one event.", "Write the events that may end it: [\"alias.event\"].");
            }
        }
        List<KeyValuePair<string, JsonCursor>> match = [];
        if (value.Required("match", bag) is { } keys && keys.IsObject(bag))
        {
            match.AddRange(keys.Properties().Select(p => KeyValuePair.Create(p.Name, p.Value)));
        }
        TimeSpan? timeout = value.Required("timeout", bag)?.Duration(bag);
        bool goOn = (value.Optional("onTimeout")?.OneOf(bag, "continue", "fail") ?? "fail") == "continue";
        return common with { Await = new AwaitDefinition(on, match, timeout ?? TimeSpan.Zero, goOn) };
    }

    private static OnceDefinition? Once(JsonCursor value, DiagnosticBag bag)
    {
        if (!value.IsObject(bag))
        {
            return null;
        }
        value.AllowOnly(bag, "key", "within", "scope");
        TimeSpan? within = value.Required("within", bag)?.Duration(bag);
        string scope = value.RequiredText("scope", bag);
        return value.Required("key", bag) is { } key && key.IsArray(bag) && within is { } time ? new OnceDefinition(key, time, scope) : null;
    }

    private static RetryDefinition? Retry(JsonCursor value, DiagnosticBag bag)
    {
        if (!value.IsObject(bag))
        {
            return null;
        }
        value.AllowOnly(bag, "max", "delay");
        return new RetryDefinition(value.OptionalPositive("max", bag) ?? RetryDefaults.Max, value.OptionalDuration("delay", bag) ?? RetryDefaults.Delay);
    }
}
