using System.Globalization;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Adp;

/// <summary>An application. Guarded by the sandbox's lock.</summary>
internal sealed class Application(string id, string personId, AdpPerson person, AdpRequisition requisition, string status, DateTimeOffset at, TimeSpan utcOffset)
{
    private const string Masked = "XXXXXXXX";

    public string Id { get; } = id;

    public string PersonId { get; } = personId;

    public AdpPerson Person { get; } = person;

    public AdpRequisition Requisition { get; } = requisition;

    public string Status { get; private set; } = status;

    public List<AdpAssessmentView> Assessments { get; } = [];

    public string SubmittedDate => SubmittedAt.ToOffset(utcOffset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private DateTimeOffset SubmittedAt { get; } = at;

    private DateTimeOffset StatusAt { get; set; } = at;

    public void Move(string to, DateTimeOffset moment) => (Status, StatusAt) = (to, moment);

    public JsonObject StatusCode() => new() { ["effectiveDate"] = Time(StatusAt)[..10], ["codeValue"] = Status, ["shortName"] = Status };

    /// <summary>As reads show it.</summary>
    /// <param name="masked">Whether what identifies the person is hidden.</param>
    public JsonObject Shown(bool masked) => new()
    {
        ["itemID"] = Id,
        ["applicationSubmittedDateTime"] = Time(SubmittedAt),
        ["applicantReferralIndicator"] = false,
        ["jobRequisitionReference"] = new JsonObject
        {
            ["requisitionID"] = $"9200{Requisition.ClientRequisitionId}_1",
            ["clientRequisitionID"] = Requisition.ClientRequisitionId,
            ["requisitionTitle"] = Requisition.Title,
            ["externalIndicator"] = true,
        },
        ["applicationStatusCode"] = StatusCode(),
        ["applicationSource"] = new JsonObject { ["postingChannelNameCode"] = new JsonObject { ["codeValue"] = "CC", ["shortName"] = "Career Center" }, ["submittedDate"] = SubmittedDate },
        ["applicant"] = new JsonObject
        {
            ["personOID"] = PersonId,
            ["internalApplicantIndicator"] = false,
            ["person"] = new JsonObject
            {
                ["personName"] = new JsonObject { ["givenName"] = Person.GivenName, ["familyName1"] = Person.FamilyName, ["formattedName"] = $"{Person.FamilyName}, {Person.GivenName}" },
                ["communication"] = Communication(masked),
            },
        },
        ["externalAssessment"] = Assessed(),
        ["comments"] = new JsonArray(),
    };

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + "+0000";

    private JsonObject Communication(bool masked) => new()
    {
        ["emails"] = Person.Email is null ? [] : new JsonArray(new JsonObject { ["emailUri"] = masked ? Masked : Person.Email }),
        ["mobiles"] = Person.Phone is null ? [] : new JsonArray(new JsonObject { ["itemID"] = "1", ["formattedNumber"] = masked ? Masked : Person.Phone }),
    };

    /// <summary>The group is documented, what is in it is not: every status is an entry of its own, as the worst case for who may not send twice.</summary>
    private JsonObject? Assessed() => Assessments.Count == 0 ? null : new JsonObject
    {
        ["assessments"] = new JsonArray([.. Assessments.Select(a => new JsonObject
        {
            ["assessmentPackageID"] = a.PackageId,
            ["assessmentStatusCode"] = new JsonObject { ["codeValue"] = a.StatusCode, ["shortName"] = a.StatusName },
            ["resultsLink"] = a.ResultsLink is null ? null : new JsonObject { ["href"] = a.ResultsLink },
        })]),
    };
}
