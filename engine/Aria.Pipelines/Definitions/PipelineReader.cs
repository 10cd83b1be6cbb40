namespace Aria.Pipelines.Definitions;

/// <summary>Reads <c>pipeline.json</c> strictly: every unknown, missing or wrong member is reported in one pass.</summary>
internal static class PipelineReader
{
    private const string ScheduleForm = "Write { \"cron\": \"0 9 * * 1-5\", \"timeZone\": \"Europe/Berlin\" } or { \"every\": \"15m\" }.";

    public static PipelineDefinition Read(string id, SourceDocument document, DiagnosticBag bag)
    {
        JsonCursor root = document.Cursor;
        if (!root.IsObject(bag))
        {
            return new PipelineDefinition { Id = id, Position = root.Position };
        }
        root.AllowOnly(bag, "description", "enabled", "connections", "triggers", "rollout", "lookups", "steps", "onFailure");
        return new PipelineDefinition
        {
            Id = id,
            Position = root.Position,
            Description = root.OptionalText("description", bag) ?? "",
            Enabled = root.OptionalFlag("enabled", true, bag),
            Connections = Connections(root, bag),
            Triggers = root.Required("triggers", bag) is { } triggers && triggers.IsArray(bag) ? [.. triggers.Items().Select(t => Trigger(t, bag))] : [],
            Rollout = root.Optional("rollout") is { } rollout ? Rollout(rollout, bag) : null,
            Lookups = root.Optional("lookups") is { } lookups && lookups.IsObject(bag) ? lookups : null,
            Steps = root.Required("steps", bag) is { } steps ? StepReader.ReadAll(steps, bag) : [],
            OnFailure = root.Optional("onFailure") is { } failure ? StepReader.ReadAll(failure, bag) : [],
        };
    }

    private static Dictionary<string, Reference?> Connections(JsonCursor root, DiagnosticBag bag)
    {
        var found = new Dictionary<string, Reference?>();
        if (root.Required("connections", bag) is { } connections && connections.IsObject(bag))
        {
            foreach ((string alias, JsonCursor value) in connections.Properties())
            {
                found[alias] = value.Reference(bag);
            }
        }
        return found;
    }

    private static TriggerDefinition Trigger(JsonCursor value, DiagnosticBag bag)
    {
        if (!value.IsObject(bag))
        {
            return new TriggerDefinition(null, null, null);
        }
        value.AllowOnly(bag, "on", "when", "manual", "schedule");
        if (value.Optional("schedule") is { } schedule)
        {
            foreach (JsonCursor extra in new[] { value.Optional("on"), value.Optional("when"), value.Optional("manual") }.OfType<JsonCursor>())
            {
                bag.Error(DefinitionCodes.InvalidValue, extra.NamePosition, "A trigger with 'schedule' has nothing else.", "Write two triggers.");
            }
            return new TriggerDefinition(null, null, null) { Schedule = Schedule(schedule, bag) };
        }
        if (value.Optional("manual") is { } manual)
        {
            if (value.Optional("on") is { } extra)
            {
                bag.Error(DefinitionCodes.InvalidValue, extra.NamePosition, "A trigger is either 'on' an event or 'manual', not both.", "Write two triggers.");
            }
            if (value.Optional("when") is { } condition)
            {
                bag.Error(DefinitionCodes.InvalidValue, condition.NamePosition, "A manual trigger has no 'when': the person who starts it has decided.", "Give the first step a 'when'.");
            }
            return new TriggerDefinition(null, null, ManualSubject(manual, bag));
        }
        return new TriggerDefinition(value.Required("on", bag)?.Reference(bag), value.Optional("when"), null);
    }

    private static ScheduleDefinition? Schedule(JsonCursor schedule, DiagnosticBag bag)
    {
        if (!schedule.IsObject(bag, ScheduleForm))
        {
            return null;
        }
        schedule.AllowOnly(bag, "cron", "every", "timeZone");
        JsonCursor? every = schedule.Optional("every");
        if ((schedule.Optional("cron") is null) == (every is null))
        {
            bag.Error(DefinitionCodes.MissingProperty, schedule.Position, "A schedule needs 'cron' or 'every', and not both.", ScheduleForm);
            return null;
        }
        (TimeSpan, SourcePosition)? period = every?.Duration(bag) is { } given ? (given, every.Value.Position) : null;
        return new ScheduleDefinition(schedule.Optional("cron")?.Reference(bag), period, schedule.Optional("timeZone")?.Reference(bag));
    }

    private static Reference? ManualSubject(JsonCursor manual, DiagnosticBag bag)
    {
        if (!manual.IsObject(bag, "Write { \"subject\": \"ats.application\" }: a connection of this pipeline, and what a person picks there."))
        {
            return null;
        }
        manual.AllowOnly(bag, "subject");
        return manual.Required("subject", bag)?.Reference(bag);
    }

    private static RolloutDefinition? Rollout(JsonCursor value, DiagnosticBag bag)
    {
        if (!value.IsObject(bag))
        {
            return null;
        }
        value.AllowOnly(bag, "by", "only");
        JsonCursor? by = value.Required("by", bag);
        JsonCursor? only = value.Required("only", bag);
        if (by is not { } expression || only is not { } list || !list.IsArray(bag))
        {
            return null;
        }
        return new RolloutDefinition(expression, [.. list.Items().Select(i => i.Text(bag)).OfType<string>()]);
    }
}
