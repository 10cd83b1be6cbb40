using System.Security.Cryptography;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>All interviews and their life. Guarded by <see cref="Gate"/>.</summary>
internal sealed class InterviewBook(AriaOptions options, WebhookSender webhooks)
{
    private readonly Dictionary<string, AriaInterview> _byId = [];
    private readonly List<string> _order = [];

    public Lock Gate { get; } = new();

    /// <summary>Invitations created, which an idempotent repetition does not raise.</summary>
    public int Created => _order.Count;

    /// <summary>All interviews in order of creation, with deadlines that have passed applied.</summary>
    public IReadOnlyList<AriaInterview> All => [.. _order.Select(id => Settled(_byId[id]))];

    public AriaInterview? Find(string id) => _byId.TryGetValue(id, out AriaInterview? interview) ? Settled(interview) : null;

    public AriaInterview Invite(InvitationRequest request)
    {
        DateTimeOffset now = Now();
        var interview = new AriaInterview
        {
            Id = "int_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Email = request.Email,
            Name = request.Name,
            Phone = request.Phone,
            JobId = request.JobId,
            KitId = request.KitId,
            ExternalId = request.ExternalId,
            Metadata = request.Metadata,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = now + options.InvitationLifetime,
        };
        _order.Add(interview.Id);
        _byId.Add(interview.Id, interview);
        if (request.SendImmediately)
        {
            Announce(AriaEvents.Invited, interview, AriaAnnouncement.Once);
        }

        return interview;
    }

    public AriaInterview Start(string id, AriaAnnouncement announcement)
    {
        AriaInterview interview = Save(Open(id, AriaStatus.Invited) with { Status = AriaStatus.Started, UpdatedAt = Now() });
        Announce(AriaEvents.Started, interview, announcement);
        return interview;
    }

    public AriaInterview Complete(string id, AriaResult result, AriaAnnouncement announcement)
    {
        Check(result);
        AriaInterview open = Open(id, AriaStatus.Invited, AriaStatus.Started);
        DateTimeOffset now = Now();
        AriaInterview interview = Save(open with { Status = AriaStatus.Completed, Result = result, CompletedAt = now, UpdatedAt = now });
        IReadOnlyList<OutgoingDelivery> completed = Announce(AriaEvents.Completed, interview, announcement);
        if (announcement.StartedAfterwards)
        {
            Announce(AriaEvents.Started, interview, announcement, completed);
        }

        return interview;
    }

    public AriaInterview NoShow(string id, AriaAnnouncement announcement)
    {
        AriaInterview interview = Save(Open(id, AriaStatus.Invited) with { Status = AriaStatus.NoShow, UpdatedAt = Now() });
        Announce(AriaEvents.NoShow, interview, announcement);
        return interview;
    }

    private static void Check(AriaResult result)
    {
        decimal[] scores = result.Insights is { } i ? [result.Score, i.Communication, i.Technical, i.CulturalFit] : [result.Score];
        if (scores.Any(s => s is < 1 or > 10 || decimal.Round(s, 1) != s))
        {
            throw new InvalidOperationException("A score must be 1 to 10 with at most one decimal.");
        }

        if (result.Recommendation is not ("advance" or "maybe" or "pass"))
        {
            throw new InvalidOperationException($"Recommendation '{result.Recommendation}' is not one of advance, maybe, pass.");
        }
    }

    private AriaInterview Open(string id, params AriaStatus[] allowed)
    {
        AriaInterview interview = Find(id) ?? throw new KeyNotFoundException($"There is no interview '{id}'.");
        return allowed.Contains(interview.Status)
            ? interview : throw new InvalidOperationException($"Interview '{id}' is {InterviewJson.Status(interview.Status)} already.");
    }

    private AriaInterview Save(AriaInterview interview) => _byId[interview.Id] = interview;

    // A deadline that passed shows at the next look; no webhook tells of it.
    private AriaInterview Settled(AriaInterview interview) =>
        interview.Status is AriaStatus.Invited or AriaStatus.Started && interview.ExpiresAt <= Now()
            ? Save(interview with { Status = AriaStatus.Expired, UpdatedAt = interview.ExpiresAt }) : interview;

    private IReadOnlyList<OutgoingDelivery> Announce(
        string name, AriaInterview interview, AriaAnnouncement announcement, IReadOnlyList<OutgoingDelivery>? after = null) =>
        webhooks.Send(name, SandboxJson.Bytes(InterviewJson.Webhook(name, interview, Now())), announcement.Copies, after);

    // Milliseconds, because that is what updated_at shows and updated_since compares.
    private DateTimeOffset Now()
    {
        DateTimeOffset now = options.Time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
