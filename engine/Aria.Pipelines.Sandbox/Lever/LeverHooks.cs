using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Lever;

/// <summary>
/// Changes that are announced, and their announcements. The signature stands in the body, over token and time, never over the data. Only the data of
/// candidateStageChange are documented; those of the others are constructed. Called under the account's lock.
/// </summary>
internal sealed class LeverHooks(Account account) : IAsyncDisposable
{
    /// <summary>The events of the documentation.</summary>
    public static readonly IReadOnlyList<string> Events =
    [
        "applicationCreated", "candidateHired", "candidateStageChange", "candidateArchiveChange", "candidateDeleted",
        "interviewCreated", "interviewUpdated", "interviewDeleted", "contactCreated", "contactUpdated",
    ];

    private readonly WebhookSender _sender = new(Rules, account.Options.Time);

    /// <summary>Any 2xx is success; five more tries with growing waits, whose length is not published.</summary>
    private static WebhookRules Rules { get; } = new()
    {
        Waits = [.. ((int[])[1, 5, 15, 60, 240]).Select(m => TimeSpan.FromMinutes(m))],
        Succeeds = status => status is >= 200 and <= 299,
        Headers = (_, _, _) => [("User-Agent", "Lever-Webhooks")],
        Body = Sign,
    };

    public WebhookSender Sender => _sender;

    public IReadOnlyList<WebhookTarget> Targets => _sender.Targets;

    public WebhookTarget Add(Uri url, string token, IEnumerable<string> events) => _sender.AddTarget(url, token, events);

    public bool Remove(string id) => _sender.RemoveTarget(id);

    public void Applied(Opportunity opportunity)
    {
        var data = new JsonObject { ["applicationId"] = opportunity.ApplicationId, ["contactId"] = opportunity.Contact.Id };
        data[account.Options.ApplicationNamesOpportunity ? "opportunityId" : "candidateId"] = opportunity.Id;
        Send("applicationCreated", data);
    }

    /// <summary>Moves an opportunity; into the stage it is in, nothing happens and nothing is announced.</summary>
    public void Move(Opportunity opportunity, string to, bool overHttp)
    {
        string from = opportunity.StageId;
        if (from == to)
        {
            return;
        }

        (opportunity.StageId, opportunity.LastAdvancedAt, opportunity.UpdatedAt) = (to, account.Now, account.Now);
        opportunity.StageChanges.Add(new JsonObject { ["toStageId"] = to, ["toStageIndex"] = LeverSeeds.Stages.TakeWhile(s => s.Id != to).Count(), ["updatedAt"] = account.Now, ["userId"] = LeverSeeds.UserId });
        account.Moves.Add(new LeverMoveView(opportunity.Id, from, to, overHttp));
        JsonObject data = Named(opportunity);
        (data["toStageId"], data["fromStageId"]) = (to, from);
        Send("candidateStageChange", data);
    }

    /// <summary>Archives an opportunity, or takes it back (null); the reason "Hired" announces a hire too.</summary>
    public void Archive(Opportunity opportunity, string? reason)
    {
        (opportunity.Archived, opportunity.UpdatedAt) = (reason is null ? null : (reason, account.Now), account.Now);
        Send("candidateArchiveChange", Named(opportunity));
        if (reason == LeverSeeds.HiredReasonId)
        {
            Send("candidateHired", Named(opportunity));
        }
    }

    /// <summary>The test delivery of the web application: empty data, one attempt.</summary>
    public Task<bool> TestAsync(WebhookTarget target, CancellationToken cancel) => _sender.PingAsync(target, "candidateHired", SandboxJson.Bytes(Envelope("candidateHired", [])), cancel);

    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    private static JsonObject Named(Opportunity opportunity) => new() { ["opportunityId"] = opportunity.Id, ["candidateId"] = opportunity.Id, ["contactId"] = opportunity.Contact.Id };

    private void Send(string name, JsonObject data) => _sender.Send(name, SandboxJson.Bytes(Envelope(name, data)));

    private JsonObject Envelope(string name, JsonObject data) => new()
    {
        ["triggeredAt"] = account.Now,
        ["event"] = name,
        ["data"] = data,
        ["token"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)),
    };

    /// <summary>Adds the signature of one receiver; none when it has no signature token.</summary>
    private static byte[] Sign(string signatureToken, byte[] body)
    {
        if (signatureToken.Length == 0)
        {
            return body;
        }

        JsonObject envelope = SandboxJson.TryReadObject(body)!;
        string signed = string.Create(CultureInfo.InvariantCulture, $"{(string?)envelope["token"]}{(long)envelope["triggeredAt"]!}");
        envelope["signature"] = HmacHex.Sha256(signatureToken, Encoding.UTF8.GetBytes(signed));
        return SandboxJson.Bytes(envelope);
    }
}
