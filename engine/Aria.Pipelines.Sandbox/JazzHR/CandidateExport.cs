using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>
/// The Candidate Export integration: one HR Open candidate in a POST, signed over the body. Nothing else is ever sent. Called under the sandbox's lock.
/// </summary>
internal sealed class CandidateExport : IAsyncDisposable
{
    private const string Verify = "VERIFY";
    private const string Export = "CANDIDATE-EXPORT";
    private readonly Account _account;
    private readonly Dictionary<string, Application> _sent = [];

    public CandidateExport(Account account)
    {
        _account = account;
        Sender = new WebhookSender(
            new WebhookRules
            {
                Waits = account.Options.Redelivers ? [.. Enumerable.Repeat(TimeSpan.FromMinutes(5), 24)] : [],
                Succeeds = status => status is >= 200 and <= 299,
                Headers = (secret, body, _) => [("X-JazzHR-Signature", HmacHex.Sha256(secret, body))],
                MoreHeaders = Named,
            },
            account.Options.Time);
    }

    public WebhookSender Sender { get; }

    /// <summary>Saves an integration when the verification event is answered with 200, and nothing else.</summary>
    public async Task<bool> AddAsync(Uri url, string secret, CancellationToken cancel)
    {
        WebhookTarget target = Sender.AddTarget(url, secret, [Export]);
        await Sender.PingAsync(target, Verify, SandboxJson.Bytes(new JsonObject { ["data"] = "JazzHR Verify Event" }), cancel);
        if (Sender.Deliveries.Last(d => d.TargetId == target.Id).Attempts is [{ Status: 200 }])
        {
            return true;
        }

        Sender.RemoveTarget(target.Id);
        return false;
    }

    /// <summary>Removes every integration; what was not taken by one that is gone is nobody's error any more.</summary>
    public void RemoveAll()
    {
        foreach (WebhookTarget target in Sender.Targets)
        {
            Sender.RemoveTarget(target.Id);
        }

        _sent.Clear();
    }

    /// <summary>Exports the candidate of an application: a Workflow Helper does, or a person with a click.</summary>
    public void Send(Application application)
    {
        byte[] body = SandboxJson.Bytes(new JsonObject { ["candidate"] = new JsonObject { ["person"] = Person(application.Applicant), ["profiles"] = Profiles(application) } });
        var link = new Uri($"https://app.jazz.co/app/v2/candidate/{application.Applicant.Id}");
        foreach (OutgoingDelivery delivery in Sender.Send(Export, body, link: link, subject: application.Job.Id))
        {
            _sent.Add(delivery.Id, application);
        }
    }

    /// <summary>The applications whose export was not taken since the last look: JazzHR shows that to the user.</summary>
    public IReadOnlyList<Application> TakeErrors()
    {
        string[] failed = [.. Sender.Deliveries.Where(d => d.State == DeliveryState.Failed && _sent.ContainsKey(d.Id)).Select(d => d.Id)];
        Application[] shown = [.. failed.Select(id => _sent[id])];
        Array.ForEach(failed, id => _sent.Remove(id));
        return shown;
    }

    public ValueTask DisposeAsync() => Sender.DisposeAsync();

    private static List<(string Name, string Value)> Named(OutgoingDelivery delivery)
    {
        List<(string Name, string Value)> headers = [("X-JazzHR-Event", delivery.Event), ("User-Agent", "JazzHR")];
        if (delivery.Event == Export)
        {
            headers.AddRange([("X-JazzHR-UUID", delivery.Id), ("Link", delivery.Link!.ToString()), ("X-JazzHR-Export-Context", delivery.Subject!)]);
        }

        return headers;
    }

    private static JsonObject Person(Applicant applicant) => new()
    {
        ["id"] = Id(applicant.Id, "JazzHR Candidate"),
        ["name"] = new JsonObject
        {
            ["formattedName"] = $"{applicant.Person.FirstName} {applicant.Person.LastName}".Trim(),
            ["given"] = applicant.Person.FirstName,
            ["family"] = applicant.Person.LastName,
        },
        ["gender"] = null,
        ["citizenShip"] = new JsonArray("No Answer"),
        ["applyDate"] = applicant.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["communication"] = new JsonObject
        {
            ["address"] = new JsonArray(),
            ["phone"] = applicant.Person.Phone is { } phone ? new JsonArray(new JsonObject { ["formattedNumber"] = phone }) : null,
            ["email"] = applicant.Person.Email is { } email ? new JsonArray(new JsonObject { ["address"] = email }) : null,
            ["web"] = null,
        },
    };

    private JsonArray Profiles(Application application)
    {
        IEnumerable<Application> held = _account.Options.ExportsAllApplications ? _account.Applications.Where(a => a.Applicant == application.Applicant) : [application];
        return new JsonArray([.. held.Select(a => (JsonNode)new JsonObject
        {
            ["languageCode"] = "en-US",
            ["profileId"] = Id(a.Id, "JazzHR Job Application"),
            ["associatedPositionOpenings"] = new JsonArray(new JsonObject
            {
                ["positionOpeningId"] = Id(a.Job.Id, "JazzHR Job"),
                ["positionTitle"] = a.Job.Title,
                ["positionUri"] = $"https://acme.applytojob.com/apply/{a.Job.Id}",
                ["candidateStatus"] = new JsonObject
                {
                    ["name"] = a.Step.Name,
                    ["category"] = a.Step.Category,
                    ["transitionDateTime"] = a.MovedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                },
            }),
            ["education"] = new JsonArray(),
            // The address is another one with each export, and good for two and a half hours.
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["id"] = Id(a.Id, "JazzHR Document to Candidate"),
                ["descriptions"] = new JsonArray("Resume"),
                ["url"] = $"https://app.jazz.co/documents/public/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}",
            }),
        })]);
    }

    private static JsonObject Id(string value, string scheme) => new() { ["value"] = value, ["schemeId"] = scheme, ["schemeAgencyId"] = "JazzHR" };
}
