using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Api;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn.Access;

/// <summary>
/// The four steps of a login: the addresses of a user, a code for name and password, a token for a code or a refresh token (each good once), a session for
/// a token. Used under the sandbox's lock.
/// </summary>
internal sealed class LoginApi(BullhornOptions options)
{
    public const string OAuth = "/oauth/";
    public const string Info = "/rest-services/loginInfo";
    public const string Login = "/rest-services/login";
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);
    private const int LongestSession = 2880;
    private readonly Dictionary<string, DateTimeOffset> _codes = [];
    private readonly HashSet<string> _refreshTokens = options.RefreshToken is { } first ? [first] : [];
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];
    private readonly Dictionary<string, DateTimeOffset> _sessions = [];

    /// <summary>Sessions that were ever begun.</summary>
    public int Logins { get; private set; }

    /// <summary>Sessions that have not ended.</summary>
    public int Sessions => _sessions.Count(s => s.Value > Now);

    private DateTimeOffset Now => options.Time.GetUtcNow();

    public Answer Handle(SandboxRequest request)
    {
        if (request.Path == Info)
        {
            return request.Method != "GET" ? Refusal.Of(405, "Method not allowed.")
                : Given(request, "username") == options.Username ? Answer.Json(200, new JsonObject { ["oauthUrl"] = $"{Origin(request)}/oauth", ["restUrl"] = $"{Origin(request)}/rest-services/" })
                : Refusal.Of(404, "There is no such user.");
        }
        if (options.DataCentre is { } other)
        {
            return Answer.Empty(307).With("Location", new Uri(other, request.Path + request.QueryString).AbsoluteUri);
        }
        return (request.Method, request.Path) switch
        {
            ("GET" or "POST", OAuth + "authorize") => Authorize(request),
            ("POST", OAuth + "token") => Token(request),
            ("GET" or "POST", Login) => Begin(request),
            _ => Refusal.Of(405, "Method not allowed."),
        };
    }

    /// <summary>When a session ends; null for one that is not, or has ended.</summary>
    public DateTimeOffset? End(string session) => _sessions.TryGetValue(session, out DateTimeOffset end) && end > Now ? end : null;

    public void LogOut(string session) => _sessions.Remove(session);

    /// <summary>Ends all sessions, and all tokens with them.</summary>
    public void EndAll()
    {
        _sessions.Clear();
        _tokens.Clear();
    }

    /// <summary>Makes all refresh tokens void.</summary>
    public void ForgetRefreshTokens() => _refreshTokens.Clear();

    private Answer Authorize(SandboxRequest request)
    {
        bool known = Given(request, "client_id") == options.ClientId && Given(request, "response_type") == "code" && Given(request, "action") == "Login"
            && Given(request, "username") == options.Username && Given(request, "password") == options.Password;
        if (!known)
        {
            // A login page for people: no Location.
            return new Answer(200, "<html><body>The user name or password is wrong.</body></html>"u8.ToArray(), "text/html");
        }
        string code = $"44:{Guid.NewGuid()}";
        _codes[code] = Now + CodeLife;
        string target = Given(request, "redirect_uri") is { Length: > 0 } own ? own : "https://www.bullhorn.com/";
        string state = Given(request, "state") is { Length: > 0 } said ? $"&state={Uri.EscapeDataString(said)}" : "";
        return Answer.Empty(302).With("Location", $"{target}?code={Uri.EscapeDataString(code)}&client_id={Uri.EscapeDataString(options.ClientId)}{state}");
    }

    private Answer Token(SandboxRequest request)
    {
        if (Given(request, "client_id") != options.ClientId || Given(request, "client_secret") != options.ClientSecret)
        {
            return OAuthError("invalid_client");
        }
        if (request.Body.Length > 0)
        {
            return OAuthError("invalid_request");
        }
        bool good = Given(request, "grant_type") switch
        {
            "authorization_code" => _codes.Remove(Given(request, "code"), out DateTimeOffset until) && until > Now,
            "refresh_token" => _refreshTokens.Remove(Given(request, "refresh_token")),
            _ => false,
        };
        if (!good)
        {
            return OAuthError("invalid_grant");
        }
        string token = $"44:{Guid.NewGuid()}";
        _tokens[token] = Now + TokenLife;
        var answer = new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (int)TokenLife.TotalSeconds };
        if (options.GivesRefreshTokens)
        {
            string next = $"44:{Guid.NewGuid()}";
            _refreshTokens.Add(next);
            answer["refresh_token"] = next;
        }
        return Answer.Json(200, answer);
    }

    private Answer Begin(SandboxRequest request)
    {
        if (Given(request, "version").Length == 0)
        {
            return Refusal.Of(400, "The parameter version is missing.");
        }
        if (!_tokens.TryGetValue(Given(request, "access_token"), out DateTimeOffset until) || until <= Now)
        {
            return Refusal.Of(400, "Invalid or expired OAuth access token.");
        }
        string ttl = Given(request, "ttl");
        int minutes = ttl.Length == 0 ? 10 : int.TryParse(ttl, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked > 0 ? Math.Min(asked, LongestSession) : 0;
        if (minutes == 0)
        {
            return Refusal.Of(400, "The parameter ttl is not a number of minutes.");
        }
        string session = Guid.NewGuid().ToString();
        _sessions[session] = Now + TimeSpan.FromMinutes(minutes);
        Logins++;
        // What was asked for, not where it listens: a proxy in between stays in between.
        return Answer.Json(200, new JsonObject { ["BhRestToken"] = session, ["restUrl"] = $"{Origin(request)}/rest-services/{options.CorpToken}/" });
    }

    private static Answer OAuthError(string code) => Answer.Json(400, new JsonObject { ["error"] = code });

    private static string Given(SandboxRequest request, string name) => request.Query[name].ToString();

    private static string Origin(SandboxRequest request) => $"http://{request.Headers.Host}";
}
