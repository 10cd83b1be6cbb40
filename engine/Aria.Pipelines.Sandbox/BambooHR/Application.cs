using System.Globalization;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.BambooHR;

/// <summary>An application. Guarded by the sandbox's lock.</summary>
internal sealed class Application(long id, long applicantId, BambooHRApplicant applicant, BambooHRJob job, BambooHRStatus status, DateTimeOffset at)
{
    public long Id { get; } = id;

    public long ApplicantId { get; } = applicantId;

    public BambooHRApplicant Applicant { get; } = applicant;

    public BambooHRJob Job { get; } = job;

    public DateTimeOffset AppliedAt { get; } = at;

    public BambooHRStatus Status { get; private set; } = status;

    public DateTimeOffset StatusAt { get; private set; } = at;

    /// <summary>Order of the last change: later ones are larger, also within one moment.</summary>
    public long Touched { get; set; }

    public List<string> Comments { get; } = [];

    public void Move(BambooHRStatus to, DateTimeOffset at) => (Status, StatusAt) = (to, at);

    /// <summary>As lists show it.</summary>
    public JsonObject Row() => new()
    {
        ["id"] = Id,
        ["appliedDate"] = Time(AppliedAt),
        ["status"] = new JsonObject { ["id"] = Status.Id, ["label"] = Status.Name },
        ["rating"] = null,
        ["applicant"] = Person(),
        ["job"] = new JsonObject { ["id"] = Job.Id, ["title"] = new JsonObject { ["id"] = null, ["label"] = Job.Title } },
    };

    /// <summary>As it is shown alone.</summary>
    public JsonObject Detail()
    {
        JsonObject row = Row();
        row["status"]!["dateChanged"] = Time(StatusAt);
        row["applicant"]!["phoneNumber"] = Applicant.Phone;
        row["commentCount"] = Comments.Count;
        row["resumeFileId"] = null;
        row["attachments"] = null;
        return row;
    }

    private JsonObject Person() => new()
    {
        ["id"] = ApplicantId,
        ["firstName"] = Applicant.FirstName,
        ["lastName"] = Applicant.LastName,
        ["avatar"] = "https://resources.bamboohr.com/employees/photos/initials.php",
        ["email"] = Applicant.Email,
        ["source"] = "Careers Page",
    };

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
