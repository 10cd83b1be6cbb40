using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>A résumé. Its URL is made anew at every read and is good for 7 days.</summary>
internal sealed class Attachment(long id, Application application, string filename, DateTimeOffset at) : Entity(id, at)
{
    public const string PathPrefix = "/files/";
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromDays(7);

    public Application Application { get; } = application;

    public string Filename { get; } = filename;

    public required Func<DateTimeOffset> Now { get; init; }

    public required Func<Uri> BaseUrl { get; init; }

    public override JsonObject Row => Build();

    public string Url => new Uri(BaseUrl(), string.Create(CultureInfo.InvariantCulture,
        $"{PathPrefix}{Id}/{Uri.EscapeDataString(Filename)}?expires={(Now() + UrlLifetime).ToUnixTimeSeconds()}")).AbsoluteUri;

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["application_id"] = Application.Id,
        ["candidate_id"] = Application.Candidate.Id,
        ["filename"] = Filename,
        ["type"] = "resume",
        ["url"] = Url,
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
