using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary><c>/customers/{customerId}/…</c>: credentials, daily budget, then the route. Used under the account's lock.</summary>
internal sealed class CustomerApi(ICimsOptions options, Account account, EventFeed events, TokenDesk tokens, Func<Uri> baseUrl)
{
    public const string Prefix = "/customers/";
    private readonly FixedWindow _day = new(options.Time, options.DailyLimit, TimeSpan.FromDays(1));
    private readonly ProfileReads _reads = new(options, account, baseUrl);
    private readonly WorkflowWrites _writes = new(options, account, events, baseUrl);
    private readonly CollectionApi _collections = new(account, options, baseUrl);
    private readonly SearchApi _search = new(options, account, baseUrl);

    public Answer Handle(SandboxRequest request)
    {
        if (!tokens.Knows(request))
        {
            return ICimsError.Answer(401, "Invalid Username or Password credentials provided.", 6, null)
                .With("WWW-Authenticate", "Basic realm=\"iCIMS\"").With("WWW-Authenticate", "x-icims-v1-hmac-sha256");
        }

        Allowance allowance = _day.Take();
        if (!allowance.Allowed)
        {
            return allowance.Stamp(ICimsError.Answer(429, "The daily limit of API calls is reached.", null, null));
        }

        account.Calls++;
        try
        {
            return allowance.Stamp(Route(request));
        }
        catch (RefusedException refused)
        {
            return allowance.Stamp(refused.Answer);
        }
    }

    /// <summary>The JSON object of a write.</summary>
    public static JsonObject Body(SandboxRequest request)
    {
        if (request.MediaType != "application/json")
        {
            throw ICimsError.Of(415, "The Content-Type must be application/json.");
        }

        return SandboxJson.TryReadObject(request.Body) ?? throw ICimsError.Of(400, "An unknown parsing error occurred");
    }

    private Answer Route(SandboxRequest request)
    {
        if (request.Method is "POST" or "PATCH" or "PUT" && request.Headers.ContentLength is null)
        {
            throw ICimsError.Of(411, "Content-Length is required.");
        }

        string[] path = request.Path[Prefix.Length..].Split('/');
        if (path[0] != options.CustomerId)
        {
            throw ICimsError.Of(404, "Customer not found", 3);
        }

        return (request.Method, path[1..]) switch
        {
            ("GET" or "POST", ["search", string type]) => _search.Handle(type, request),
            ("POST", ["applicantworkflows"]) => _writes.Create(request),
            ("PATCH", ["applicantworkflows", string id]) => _writes.Patch(Workflow(id), request),
            (_, ["applicantworkflows", string id, "fields", Account.Assessments, .. string[] entry]) => _collections.Handle(Workflow(id), entry, request),
            ("GET", [string type, string id]) => _reads.Get(type, id, request.Query["fields"]),
            _ => throw ICimsError.NotFound("Resource"),
        };
    }

    private Workflow Workflow(string id) =>
        (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? account.Workflows.GetValueOrDefault(number) : null)
        ?? throw ICimsError.NotFound("Applicant Workflow");
}
