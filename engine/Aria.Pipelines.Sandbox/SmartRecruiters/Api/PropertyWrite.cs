using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>
/// <c>PUT /candidates/{id}/jobs/{jobId}/properties</c> <c>[{id, value?}]</c> → 204, 1 to 100 items; without a value a property is reset.
/// Everything is checked before anything is written. The codes for a BOOLEAN, NUMBER, PERCENT or DATE of a wrong form are not published.
/// </summary>
internal sealed partial class PropertyWrite(Account account, HookFeed hooks)
{
    public Answer Handle(Application application, SandboxRequest request)
    {
        JsonArray items = Form.Array(request);
        if (items.Count is 0 or > 100)
        {
            throw ApiError.Invalid("The body must hold 1 to 100 properties.");
        }

        List<(Property Property, JsonNode? Value)> writes = [.. items.Select(Read)];
        if (writes.GroupBy(w => w.Property.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw ApiError.Refuse(400, "DUPLICATE_PROPERTIES", $"Property {twice.Key} is given more than once.");
        }

        account.PropertyWrites++;
        foreach ((Property property, JsonNode? value) in writes)
        {
            application.Values.Remove(property.Id);
            if (value is not null)
            {
                application.Values[property.Id] = value;
            }
        }

        application.Candidate.UpdatedOn = account.Now;
        hooks.FieldsUpdated(application);
        return Answer.Empty(204);
    }

    private (Property Property, JsonNode? Value) Read(JsonNode? node)
    {
        JsonObject item = node is JsonObject given ? Form.Only(given, "id", "value") : throw ApiError.Invalid("The body must hold objects.");
        string id = Form.Text(item, "id");
        Property property = account.Properties.FirstOrDefault(p => p.Id == id)
            ?? throw ApiError.Refuse(404, "PROPERTY_NOT_FOUND", $"There is no candidate property {id}.");
        if (!item.TryGetPropertyValue("value", out JsonNode? value))
        {
            return (property, null);
        }

        Check(property, value);
        return (property, value!.DeepClone());
    }

    private static void Check(Property property, JsonNode? value)
    {
        string? text = SandboxJson.Text(value);
        (bool good, string code) = property.Type switch
        {
            "TEXT" => (text is { Length: > 0 }, "INVALID_TEXT_FORMAT"),
            "SINGLE_SELECT" => (property.Options.Any(o => o.Id == text), "VALUE_NOT_FOUND"),
            "USER" => (text is SmartRecruitersSeeds.IntegrationUserId or SmartRecruitersSeeds.RecruiterUserId, "USER_NOT_FOUND"),
            "COUNTRY" => (text is not null && CountryPattern().IsMatch(text), "COUNTRY_NOT_FOUND"),
            "REGION" => (text is not null && RegionPattern().IsMatch(text), "REGION_NOT_FOUND"),
            "CURRENCY" => (value is JsonObject money && money.Count == 2 && SandboxJson.Text(money["code"]) is { Length: 3 } && money["value"]?.GetValueKind() == JsonValueKind.Number, "CURRENCY_NOT_FOUND"),
            "BOOLEAN" => (SandboxJson.Bool(value) is not null, "INVALID_INPUT"),
            "NUMBER" or "PERCENT" => (value?.GetValueKind() == JsonValueKind.Number, "INVALID_INPUT"),
            "DATE" => (text is not null && SandboxJson.TryReadTime(text) is not null, "INVALID_INPUT"),
            _ => (false, "INACCESSIBLE_FIELD"),
        };
        if (!good)
        {
            throw ApiError.Refuse(400, code, $"The value of property {property.Id} does not fit its type {property.Type}.");
        }
    }

    [GeneratedRegex("^[a-z]{2}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex CountryPattern();

    [GeneratedRegex("^[a-z]{2}-[a-z0-9]{1,3}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex RegionPattern();
}
