using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary><c>/v1/interviews</c>: create, read, list. Used under the book's lock.</summary>
internal sealed class InterviewApi(AriaOptions options, InterviewBook book)
{
    private readonly Dictionary<string, (string BodyHash, Answer Answer)> _keys = [];

    /// <summary>Repetitions answered from an idempotency key.</summary>
    public int Repeated { get; private set; }

    /// <summary>201 with the invitation. The same key and body give the same answer again; the same key with another body is a 409.</summary>
    public Answer Create(SandboxRequest request)
    {
        string? key = options.IdempotencyKeys && request.Headers.TryGetValue("Idempotency-Key", out var values) ? values.ToString() : null;
        if (key is "" or { Length: > 255 })
        {
            throw AriaError.Invalid("Idempotency-Key", "Idempotency-Key must have 1 to 255 characters.");
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        if (key is not null && _keys.TryGetValue(key, out (string BodyHash, Answer Answer) known))
        {
            if (known.BodyHash != hash)
            {
                return AriaError.Of(409, "idempotency_conflict", "This Idempotency-Key was used with another body.");
            }

            Repeated++;
            return known.Answer;
        }

        AriaInterview interview = book.Invite(InvitationRequest.Read(request));
        Answer answer = Answer.Json(201, InterviewJson.Invitation(interview));
        if (key is not null)
        {
            _keys.Add(key, (hash, answer));
        }

        return answer;
    }

    public Answer Read(string id) => book.Find(id) is { } interview
        ? Answer.Json(200, InterviewJson.Full(interview))
        : AriaError.Of(404, "not_found", $"There is no interview '{id}'.");

    /// <summary>
    /// <c>{"interviews":[…],"next_cursor":string|null}</c>, in ascending order of (updated_at, id). Filters <c>external_id</c> (exact) and
    /// <c>updated_since</c> (inclusive) are given again with the cursor.
    /// </summary>
    public Answer List(SandboxRequest request)
    {
        if (request.Query.FirstOrDefault(q => q.Key is not ("external_id" or "updated_since" or "cursor") || q.Value.Count != 1).Key is { } wrong)
        {
            throw AriaError.Invalid(wrong, $"{wrong} is not known, or is given twice.");
        }

        IEnumerable<AriaInterview> found = book.All;
        if (request.Query.TryGetValue("external_id", out var externalId))
        {
            found = found.Where(i => i.ExternalId == externalId.ToString());
        }

        if (request.Query.TryGetValue("updated_since", out var sinceText))
        {
            DateTimeOffset since = SandboxJson.TryReadTime(sinceText.ToString())
                ?? throw AriaError.Invalid("updated_since", "updated_since must be an ISO 8601 timestamp with an offset.");
            found = found.Where(i => i.UpdatedAt >= since);
        }

        if (request.Query.TryGetValue("cursor", out var cursor))
        {
            string after = ReadCursor(cursor.ToString());
            found = found.Where(i => string.CompareOrdinal(Position(i), after) > 0);
        }

        List<AriaInterview> page = found.OrderBy(Position, StringComparer.Ordinal).Take(options.PageSize + 1).ToList();
        return Answer.Json(200, new JsonObject
        {
            ["interviews"] = new JsonArray([.. page.Take(options.PageSize).Select(InterviewJson.Full)]),
            ["next_cursor"] = page.Count > options.PageSize
                ? WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(Position(page[options.PageSize - 1]))) : null,
        });
    }

    private static string Position(AriaInterview interview) =>
        string.Create(CultureInfo.InvariantCulture, $"{interview.UpdatedAt.UtcTicks:d20} {interview.Id}");

    private static string ReadCursor(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor));
        }
        catch (FormatException)
        {
            throw AriaError.Invalid("cursor", "cursor is not one that this list gave out.");
        }
    }
}
