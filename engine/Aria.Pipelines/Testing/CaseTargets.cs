using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Testing;

/// <summary>
/// The systems that a pipeline speaks to, as a case describes them: answers in the order of the case, otherwise the samples of the
/// connectors. Keeps what steps request; prerequisite reads and logins are answered and not kept.
/// </summary>
internal sealed class CaseTargets(Pipeline pipeline, IReadOnlyList<CaseAnswer> answers, CaseNames names) : IHttpPath, IReadSamples
{
    private readonly int[] _left = [.. answers.Select(a => a.Times ?? int.MaxValue)];
    private CaseCall? _call;

    /// <summary>True while the run that the case is about is executed.</summary>
    public bool IsKeeping { get; set; }

    /// <summary>The requests of the steps, in order: <c>{"to", "body"}</c>.</summary>
    public JsonArray Requests { get; } = [];

    /// <summary>Requests that nobody could answer.</summary>
    public List<string> Unanswered { get; } = [];

    /// <summary>Answers that no request asked for.</summary>
    public IEnumerable<CaseAnswer> Unused => answers.Where((a, i) => _left[i] == a.Times);

    /// <summary>The engine begins with an operation.</summary>
    public CaseCall Enter(CaseCall call) => _call = call;

    /// <summary>A read that the case does not answer gives its sample.</summary>
    public JsonElement? Find(Connection connection, ConnectorRead read, ConnectorRequest request)
    {
        CaseTarget target = CaseTarget.Of(pipeline, connection, request.Method, request.Url.AbsoluteUri);
        return AnswerTo(target, a => a.Read is null || a.Read == read.Id) is not { } place ? read.Sample
            : answers[place].Value is null ? null
            : JsonElement.Parse(names.ToIds(Take(place).Value!));
    }

    public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CaseCall call = _call ?? throw new InvalidOperationException("A request was sent outside of any operation.");
        CaseTarget target = CaseTarget.Of(pipeline, call.Connection, request.Method, request.Url.AbsoluteUri);
        bool isLogin = IsLogin(call.Connection, request);
        if (IsKeeping && !isLogin && call.Phase != CasePhase.Reads)
        {
            Keep(target, request);
        }
        return Task.FromResult(Given(target) ?? (isLogin ? Answer(200, [], """{"access_token":"case-token","expires_in":3600}""") : Made(call, target)));
    }

    /// <summary>The place of the first answer of the case that is left for a request; null when there is none.</summary>
    private int? AnswerTo(CaseTarget request, Predicate<CaseAnswer> isMeant)
    {
        for (int i = 0; i < answers.Count; i++)
        {
            if (_left[i] != 0 && isMeant(answers[i]) && (answers[i].To with { Path = names.ToIds(answers[i].To.Path) }).Means(request))
            {
                return i;
            }
        }
        return null;
    }

    private HttpAnswer? Given(CaseTarget request)
    {
        if (AnswerTo(request, a => a.Value is null) is not { } place)
        {
            return null;
        }
        CaseAnswer answer = Take(place);
        return answer.Loss switch
        {
            CaseLoss.Lost => new HttpAnswer(null, true, "connection_lost", "The case loses this answer.", TimeSpan.Zero),
            CaseLoss.Unreachable => new HttpAnswer(null, false, "not_connected", "The case makes the target unreachable.", TimeSpan.Zero),
            _ => Answer(answer.Status, answer.Headers, answer.Body is null ? "" : names.ToIds(answer.Body)),
        };
    }

    private CaseAnswer Take(int place)
    {
        _left[place] -= answers[place].Times is null ? 0 : 1;
        return answers[place];
    }

    private HttpAnswer Made(CaseCall call, CaseTarget target)
    {
        if (call.Phase == CasePhase.Send)
        {
            call.IsSampled = true;
            return Answer(200, [], Encoding.UTF8.GetString(ConnectorJson.RawBytes(call.Operation.Sample)));
        }
        Unanswered.Add(names.ToNames(target.ToString()));
        return new HttpAnswer(null, false, "not_connected", "The case does not answer this request.", TimeSpan.Zero);
    }

    private void Keep(CaseTarget target, ConnectorRequest request)
    {
        var kept = new JsonObject { ["to"] = target.ToString() };
        if (request.Body.Length > 0)
        {
            kept["body"] = Body(request.Body);
        }
        Requests.Add(names.ToNames(kept));
    }

    private static bool IsLogin(Connection connection, ConnectorRequest request) =>
        connection.Connector.Http.Auth is AuthDefinition.Login { IsGrant: true } login
        && Uri.TryCreate(Text(login.Steps[0].Request.Path, connection), UriKind.Absolute, out Uri? url) && url == request.Url;

    private static JsonNode? Body(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span);
        }
        catch (JsonException)
        {
            // Not JSON, so it is shown as the text it is.
            return Encoding.UTF8.GetString(body.Span);
        }
    }

    private static string Text(CompiledMapping mapping, Connection connection) =>
        ConnectorJson.Text(ConnectorJson.ToElement(mapping.Evaluate(new Dictionary<string, JsonElement> { ["settings"] = connection.Settings }))) ?? "";

    private static HttpAnswer Answer(int status, IReadOnlyList<KeyValuePair<string, string>> headers, string body)
    {
        var named = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = ["application/json"] };
        foreach ((string name, string value) in headers)
        {
            named[name] = [value];
        }
        return new HttpAnswer(new ConnectorResponse(status, named, Encoding.UTF8.GetBytes(body)), true, null, null, TimeSpan.Zero);
    }
}
