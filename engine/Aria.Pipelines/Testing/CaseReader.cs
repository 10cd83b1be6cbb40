using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Testing;

/// <summary>Reads a case strictly: everything wrong is found in one pass, with file, line and column.</summary>
internal sealed class CaseReader(IDefinitionFiles files, DiagnosticBag bag)
{
    private static readonly string[] Sources = ["sample", "file", "body", "manual", "schedule"];

    /// <summary>What an answer to a request has, and a <c>value</c> in place of one has not.</summary>
    public static readonly string[] AnswerParts = ["status", "headers", "body", "lost", "unreachable"];

    /// <summary>Reads a file of the folder of cases.</summary>
    /// <returns>Null when it cannot be run.</returns>
    public CaseDefinition? Read(string name)
    {
        if (files.Read(name) is not { } bytes)
        {
            bag.Error(DefinitionCodes.InvalidFileName, new SourcePosition(files.PathOf(name), null, null), $"'{name}' cannot be read as a case.", FileName.Rule + " Links, empty files and files over 1 MiB are not read.");
            return null;
        }
        return SourceDocument.Parse(files.PathOf(name), bytes, bag) is { } document && document.Cursor.IsObject(bag) ? Case(document) : null;
    }

    private CaseDefinition? Case(SourceDocument document)
    {
        JsonCursor root = document.Cursor;
        int before = bag.Items.Count;
        root.AllowOnly(bag, "description", "at", "given", "event", "answers", "then", "expect");
        CaseEvent? started = root.Required("event", bag) is { } e ? Event(e) : null;
        var read = new CaseDefinition
        {
            File = document.File,
            Description = root.OptionalText("description", bag) ?? "",
            Given = Moments(root.Optional("given")),
            Event = started ?? new CaseEvent(root.Position, "", "", null, null, null),
            Answers = Answers(root.Optional("answers")),
            Then = Moments(root.Optional("then")),
            Expect = root.Optional("expect") is { } expect ? Expect(expect) : null,
        };
        if (root.Optional("at") is { } at)
        {
            read = read with { At = Instant(at) ?? read.At };
        }
        return bag.Items.Count == before ? read : null;
    }

    private DateTimeOffset? Instant(JsonCursor value)
    {
        if (value.Text(bag) is not { } text)
        {
            return null;
        }
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant))
        {
            return instant;
        }
        bag.Error(DefinitionCodes.InvalidValue, value.Position, $"'{text}' is not a time.", "Write it as 2026-01-05T09:00:00Z.");
        return null;
    }

    private List<CaseMoment> Moments(JsonCursor? list)
    {
        var moments = new List<CaseMoment>();
        if (list is not { } given || !given.IsArray(bag))
        {
            return moments;
        }
        foreach (JsonCursor item in given.Items().Where(i => i.IsObject(bag)))
        {
            item.AllowOnly(bag, "after", "event");
            bool passes = item.Optional("after") is not null;
            if (passes == item.Optional("event") is not null)
            {
                bag.Error(DefinitionCodes.InvalidValue, item.Position, "A moment is either time that passes or an event that comes.", "Write {\"after\": \"3d\"} or {\"event\": {…}}.");
            }
            else if (passes)
            {
                moments.Add(new CaseMoment(item.OptionalDuration("after", bag), null));
            }
            else if (Event(item.Optional("event")!.Value) is { } come)
            {
                moments.Add(new CaseMoment(null, come));
            }
        }
        return moments;
    }

    private CaseEvent? Event(JsonCursor value)
    {
        if (!value.IsObject(bag))
        {
            return null;
        }
        value.AllowOnly(bag, "from", "manual", "schedule", "missed", "sample", "file", "body", "polled", "merge");
        string[] sources = [.. Sources.Where(n => value.Optional(n) is not null)];
        if (sources.Length != 1)
        {
            bag.Error(DefinitionCodes.InvalidValue, value.Position, "An event is given by exactly one of 'sample', 'file', 'body', 'manual' and 'schedule'.", "For example {\"from\": \"ats\", \"sample\": \"application.created\"}.");
            return null;
        }
        if (value.Optional("manual") is { } manual)
        {
            Alone(value, "a person starts this one", "manual");
            return manual.Text(bag) is { } subject ? new CaseEvent(value.Position, "", subject, null, null, null) : null;
        }
        if (value.Optional("schedule") is { } schedule)
        {
            Alone(value, "a clock starts this one", "schedule", "missed");
            return new CaseEvent(value.Position, "", null, null, null, null) { Schedule = schedule.Reference(bag), Missed = value.OptionalCount("missed", bag) ?? 0 };
        }
        if (value.Optional("missed") is { } missed)
        {
            bag.Error(DefinitionCodes.InvalidValue, missed.NamePosition, "Only a schedule misses times.", "Give 'missed' with 'schedule'.");
        }
        if (sources[0] == "sample" && value.Optional("polled") is { } polled)
        {
            bag.Error(DefinitionCodes.InvalidValue, polled.NamePosition, "A sample is of one event already.", "Give 'polled' with 'file' or 'body'.");
        }
        string alias = value.RequiredText("from", bag);
        return new CaseEvent(value.Position, alias, null, Body(value), value.Optional("sample")?.Reference(bag), value.Optional("merge")?.Element)
        {
            AliasPosition = value.Optional("from")?.Position ?? value.Position,
            Polled = value.Optional("polled")?.Reference(bag),
        };
    }

    private void Alone(JsonCursor value, string why, params ReadOnlySpan<string> allowed)
    {
        foreach ((string name, JsonCursor extra) in value.Properties())
        {
            if (!allowed.Contains(name))
            {
                bag.Error(DefinitionCodes.InvalidValue, extra.NamePosition, $"'{name}' belongs to a delivery, and {why}.", $"Give '{allowed[0]}' alone.");
            }
        }
    }

    private byte[]? Body(JsonCursor value)
    {
        if (value.Optional("body") is { } body)
        {
            return Encoding.UTF8.GetBytes(body.Element.GetRawText());
        }
        if (value.Optional("file") is not { } file || file.Text(bag) is not { } name)
        {
            return null;
        }
        byte[]? bytes = files.Read(name);
        if (bytes is null)
        {
            bag.Error(DefinitionCodes.MissingFile, file.Position, $"The folder of cases has no file '{name}'.", "Deliveries stand in a folder of their own beside the cases, for example \"events/moved.json\".");
        }
        return bytes;
    }

    private List<CaseAnswer> Answers(JsonCursor? list)
    {
        var answers = new List<CaseAnswer>();
        if (list is not { } given || !given.IsArray(bag))
        {
            return answers;
        }
        foreach (JsonCursor item in given.Items().Where(i => i.IsObject(bag)))
        {
            item.AllowOnly(bag, "to", "status", "headers", "body", "value", "read", "lost", "unreachable", "times");
            CaseTarget? target = Target(item);
            int status = Status(item);
            CaseLoss? loss = Loss(item);
            List<KeyValuePair<string, string>> headers = Headers(item.Optional("headers"));
            int? times = Times(item);
            string? value = Value(item);
            if (target is not null)
            {
                answers.Add(new CaseAnswer(item.Position, target, status, headers, item.Optional("body")?.Element.GetRawText(), loss, times) { Value = value, Read = Read(item) });
            }
        }
        return answers;
    }

    private CaseTarget? Target(JsonCursor item)
    {
        if (item.Required("to", bag) is not { } to || to.Text(bag) is not { } line)
        {
            return null;
        }
        CaseTarget? target = CaseTarget.Parse(line);
        if (target is null)
        {
            bag.Error(DefinitionCodes.InvalidValue, to.Position, $"'{line}' names no request.", "Write the connection, the method and the path: \"aria POST /interviews\"; '*' stands for anything.");
        }
        return target;
    }

    private int Status(JsonCursor answer)
    {
        int status = answer.OptionalCount("status", bag) ?? CaseAnswer.Good;
        if (status is < CaseAnswer.LeastStatus or > CaseAnswer.GreatestStatus)
        {
            bag.Error(DefinitionCodes.InvalidValue, answer.Optional("status")!.Value.Position, $"{status} is not an HTTP status.", $"Write one from {CaseAnswer.LeastStatus} to {CaseAnswer.GreatestStatus}.");
        }
        return status;
    }

    private CaseLoss? Loss(JsonCursor answer)
    {
        bool isLost = answer.OptionalFlag("lost", false, bag);
        bool isUnreachable = answer.OptionalFlag("unreachable", false, bag);
        if (answer.Optional("lost") is not null && answer.Optional("unreachable") is { } second)
        {
            bag.Error(DefinitionCodes.InvalidValue, second.NamePosition, "An answer is either lost on its way, or its target was never reached.", "Give 'lost' or 'unreachable', not both.");
        }
        return isLost ? CaseLoss.Lost : isUnreachable ? CaseLoss.Unreachable : null;
    }

    private string? Value(JsonCursor answer)
    {
        if (answer.Optional("value") is not { } value)
        {
            return null;
        }
        foreach (string name in AnswerParts.Where(p => answer.Optional(p) is not null))
        {
            bag.Error(
                DefinitionCodes.InvalidValue, answer.Optional(name)!.Value.NamePosition, $"'value' is what a read gives without being sent, so there is no '{name}'.", "Give 'value', or what the target answers.");
        }
        return value.Element.GetRawText();
    }

    private string? Read(JsonCursor answer)
    {
        if (answer.Optional("read") is not { } read)
        {
            return null;
        }
        if (answer.Optional("value") is null)
        {
            bag.Error(DefinitionCodes.InvalidValue, read.NamePosition, "'read' says which read has the 'value', and there is none.", "Give 'value', or remove 'read'.");
        }
        return read.Text(bag);
    }

    /// <returns>Null for any number.</returns>
    private int? Times(JsonCursor answer)
    {
        if (answer.Optional("times") is { Kind: JsonValueKind.String } word)
        {
            return word.OneOf(bag, "any") is null ? 1 : null;
        }
        return answer.OptionalPositive("times", bag) ?? 1;
    }

    private List<KeyValuePair<string, string>> Headers(JsonCursor? value) =>
        value is { } headers && headers.IsObject(bag)
            ? [.. headers.Properties().Select(p => KeyValuePair.Create(p.Name, p.Value.Text(bag) ?? ""))]
            : [];

    private CaseExpectation? Expect(JsonCursor value)
    {
        if (!value.IsObject(bag))
        {
            return null;
        }
        value.AllowOnly(bag, "state", "code", "requests", "steps");
        value.Required("state", bag)?.OneOf(bag, CaseOutcome.States);
        value.OptionalText("code", bag);
        if (value.Optional("requests") is { } requests && requests.IsArray(bag))
        {
            foreach (JsonCursor request in requests.Items().Where(r => r.IsObject(bag)))
            {
                request.AllowOnly(bag, "to", "body", "times");
                Target(request);
                request.OptionalPositive("times", bag);
            }
        }
        if (value.Optional("steps") is { } steps && steps.IsObject(bag))
        {
            foreach ((_, JsonCursor step) in steps.Properties().Where(s => s.Value.IsObject(bag)))
            {
                step.AllowOnly(bag, "status", "output", "error");
                step.Optional("status")?.OneOf(bag, CaseOutcome.StepStates);
            }
        }
        return new CaseExpectation(value.Element);
    }
}
