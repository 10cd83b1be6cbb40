using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>Resources as the Customer API shows them: camelCase, times in milliseconds, members without a value left out.</summary>
internal static class Forms
{
    /// <summary>The schema Candidate, an item of a search; <paramref name="details"/> gives CandidateDetails.</summary>
    public static JsonObject Candidate(Candidate candidate, bool details)
    {
        JsonObject json = Without(new JsonObject
        {
            ["id"] = candidate.Id,
            ["internal"] = false,
            ["firstName"] = candidate.Person.FirstName,
            ["lastName"] = candidate.Person.LastName,
            ["email"] = candidate.Person.Email,
            ["phoneNumber"] = details ? candidate.Person.PhoneNumber : null,
            ["createdOn"] = SandboxJson.Time(candidate.CreatedOn),
            ["updatedOn"] = SandboxJson.Time(candidate.UpdatedOn),
            ["tags"] = new JsonArray([.. candidate.Tags.Select(t => JsonValue.Create(t))]),
        });
        if (details)
        {
            json["education"] = new JsonArray();
            json["experience"] = new JsonArray();
        }

        Application? primary = candidate.Applications.FirstOrDefault();
        json["primaryAssignment"] = primary is null ? null : Assignment(primary, full: true);
        json["secondaryAssignments"] = new JsonArray([.. candidate.Applications.Skip(1).Select(a => Assignment(a, full: details))]);
        json["actions"] = Actions(
            ("details", $"/candidates/{candidate.Id}"), ("properties", $"/candidates/{candidate.Id}/properties"));
        return json;
    }

    /// <summary>The schema Application.</summary>
    public static JsonObject Application(Application application)
    {
        JsonObject json = Assignment(application, full: true);
        json.Remove("job");
        json["applicationId"] = application.Id;
        json["candidateId"] = application.Candidate.Id;
        json["jobId"] = application.Job.Id;
        json["url"] = Path(application);
        return json;
    }

    public static string Path(Application application) => $"/candidates/{application.Candidate.Id}/jobs/{application.Job.Id}";

    public static JsonObject History(Application application) => List(application.History.AsEnumerable().Reverse().Select(h => Without(new JsonObject
    {
        ["changedOn"] = SandboxJson.Time(h.ChangedOn),
        ["status"] = h.Status,
        ["subStatus"] = h.SubStatus,
    })));

    public static JsonObject Job(SmartRecruitersJobSeed job) => new()
    {
        ["id"] = job.Id,
        ["title"] = job.Title,
        ["refNumber"] = job.RefNumber,
        ["status"] = "INTERVIEW",
        ["postingStatus"] = "PUBLIC",
        ["actions"] = Actions(("details", $"/jobs/{job.Id}")),
    };

    public static JsonObject Property(Property property) => new()
    {
        ["id"] = property.Id,
        ["label"] = property.Label,
        ["type"] = property.Type,
        ["availability"] = "APPLICATION",
        ["actions"] = Actions(("details", $"/configuration/candidate-properties/{property.Id}")),
    };

    /// <summary>A property's value on an application; <c>{}</c> for one that is not set.</summary>
    public static JsonObject Value(Property property, JsonNode? value)
    {
        string? label = property.Type == "SINGLE_SELECT" && value is not null ? property.Options.First(o => o.Id == value.GetValue<string>()).Label : null;
        return Without(new JsonObject
        {
            ["id"] = property.Id,
            ["label"] = property.Label,
            ["type"] = property.Type,
            ["value"] = value?.DeepClone() ?? new JsonObject(),
            ["valueLabel"] = label,
            ["actions"] = new JsonObject(),
        });
    }

    public static JsonObject Message(Message message) => new()
    {
        ["id"] = message.Id,
        ["content"] = message.Content,
        ["createdOn"] = SandboxJson.Time(message.CreatedOn),
        ["visibility"] = message.Visibility,
        ["authorId"] = message.AuthorId,
        ["context"] = new JsonObject
        {
            ["applications"] = new JsonArray([.. message.Applications.Select(a => new JsonObject { ["candidateId"] = a.Candidate.Id, ["jobId"] = a.Job.Id })]),
        },
    };

    public static JsonObject List(IEnumerable<JsonObject> items)
    {
        JsonNode[] all = [.. items];
        return new JsonObject { ["totalFound"] = all.Length, ["content"] = new JsonArray(all) };
    }

    private static JsonObject Assignment(Application application, bool full)
    {
        var job = new JsonObject { ["id"] = application.Job.Id, ["title"] = application.Job.Title, ["actions"] = Actions(("details", $"/jobs/{application.Job.Id}")) };
        if (!full)
        {
            return new JsonObject { ["job"] = job };
        }

        return Without(new JsonObject
        {
            ["job"] = job,
            ["status"] = application.Status,
            ["subStatus"] = application.SubStatus,
            ["startsOn"] = application.StartsOn,
            ["source"] = "API",
            ["reasonOfRejection"] = Reason(application, "REJECTED", "Not qualified"),
            ["reasonOfWithdrawal"] = Reason(application, "WITHDRAWN", "Other offer"),
        });
    }

    private static JsonObject? Reason(Application application, string status, string label) =>
        application.Status == status && application.Reason is { } id ? new JsonObject { ["id"] = id, ["label"] = label } : null;

    private static JsonObject Actions(params (string Name, string Url)[] actions) =>
        new(actions.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Name, new JsonObject { ["url"] = a.Url, ["method"] = "GET" })));

    private static JsonObject Without(JsonObject json)
    {
        foreach (string name in json.Where(m => m.Value is null).Select(m => m.Key).ToList())
        {
            json.Remove(name);
        }

        return json;
    }
}
