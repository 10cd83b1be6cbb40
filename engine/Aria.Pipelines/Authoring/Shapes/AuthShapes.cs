using System.Text.Json.Nodes;
using static Aria.Pipelines.Authoring.Shapes.Member;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>What <c>connector.json</c> says of credentials.</summary>
internal static class AuthShapes
{
    public static readonly Shape Auth = new("auth", "Exactly one kind of credentials.",
    [
        Optional("bearer", Kind.Of("bearer", "Authorization: Bearer.")),
        Optional("basic", Kind.Of("basic", "HTTP Basic.")),
        Optional("keys", Kind.Of("keys", "Keys that do not change, in headers, query or body.")),
        Optional("clientCredentials", Kind.Of("clientCredentials", "OAuth 2.0 client credentials.")),
        Optional("refreshToken", Kind.Of("refreshToken", "OAuth 2.0 with a refresh token.")),
        Optional("login", Kind.Of("login", "Requests to log in, whose answers give the credentials.")),
    ]);

    public static readonly Shape Bearer = new("bearer", "Authorization: Bearer.", [Required("token", Kind.Value("The token.").Example("{{ settings.apiKey }}"))]);

    public static readonly Shape Basic = new("basic", "HTTP Basic.",
    [
        Required("user", Kind.Value("The user name.").Example("{{ settings.apiKey }}")),
        Required("password", Kind.Value("The password; \"\" for none.").Example("x")),
    ]);

    public static readonly Shape Keys = new("keys", "Keys that do not change; at least one place.", Places("settings"));

    public static readonly Shape ClientCredentials = new("clientCredentials", "OAuth 2.0 client credentials (RFC 6749 section 4.4).", Grant());

    public static readonly Shape RefreshToken = new("refreshToken", "OAuth 2.0 with a refresh token (RFC 6749 section 6). A new one in the answer replaces it durably; another one in the secret source begins again.",
    [
        .. Grant(),
        Required("secret", Kind.Text("Setting of type secret that holds the first refresh token.").Example("refreshToken")),
    ]);

    public static readonly Shape Login = new("login", "Requests in order, and where what they give goes. Done anew when it expires, and once when a request is refused with 401.",
    [
        Required("steps", Kind.List("The requests; at least one.", Kind.Ref("loginStep"))),
        .. Places("settings' and 'login"),
        Optional("baseUrl", Kind.Value("Over 'settings' and 'login': stands for http.baseUrl in requests, where the login tells it.").Example("{{ login.session.body.restUrl }}")),
        Optional("expiresAt", Kind.Value("Over 'login': when it expires, as a date or seconds or milliseconds since 1970.")),
        Optional("expiresIn", Kind.Value("Over 'login': after how many of 'unit' it expires.").Example("{{ login.token.body.expires_in }}")),
        Optional("unit", Kind.OneOf("What expiresIn counts.", "seconds", "milliseconds", "minutes").Default("seconds")),
        Optional("maxAge", Kind.Duration("The longest it is used, whatever the system says.").Example("48h")),
    ]);

    public static readonly Shape LoginStep = new("loginStep", "One request of a login; its answer { status, headers, body } is login.<id> for what follows.",
    [
        Required("id", Kind.Text("Its name under 'login'.", Kind.IdentifierPattern).Example("token")),
        Optional("when", Kind.Text("JavaScript expression over 'settings' and 'login': the step is left out unless it gives true.").Example("settings.refreshToken != null")),
        Required("request", Kind.Of("request", "Sees 'settings' with secrets, and 'login'.")),
        Optional("accept", Kind.List("Statuses that are success; any 2xx when absent.", new JsonObject { ["type"] = "integer", ["minimum"] = 200, ["maximum"] = 599 }).Example(new JsonArray(302))),
        Optional("optional", Kind.Flag("True when its refusal only leaves login.<id> null.").Default(false)),
        Optional("rotate", Kind.Map("A setting of type secret, and over 'response' its next value, which is kept durably.", Kind.Ref(Kind.ValueName)).Example(new JsonObject { ["refreshToken"] = "{{ response.body.refresh_token }}" })),
        Optional("follow", Kind.Texts("Domains to which a 307 or 308 is followed, once, with method and body; templates over 'settings'.").Example(new JsonArray("example.com"))),
    ]);

    public static readonly Shape ClientCertificate = new("clientCertificate", "A client certificate as PEM texts.",
    [
        Required("certificate", Kind.Value("The certificate, then those of its issuers where the target wants them.").Example("{{ settings.certificate }}")),
        Required("key", Kind.Value("Its private key, without a password.").Example("{{ settings.certificateKey }}")),
    ]);

    public static readonly IReadOnlyList<Shape> Parts = [Auth, Bearer, Basic, Keys, ClientCredentials, RefreshToken, Login, LoginStep, ClientCertificate];

    private static Member[] Places(string roots) =>
    [
        Optional("headers", Kind.Map($"Headers: templates over '{roots}'. A null value leaves one out.", Kind.Ref(Kind.ValueName)).Example(new JsonObject { ["Authorization"] = "Token token={{ settings.apiKey }}" })),
        Optional("query", Kind.Map("Query parameters; kept out of everything that is recorded.", Kind.Ref(Kind.ValueName))),
        Optional("body", Kind.Map("Members of the JSON object or form that is sent; requests without a body carry none.", Kind.Ref(Kind.ValueName))),
    ];

    private static Member[] Grant() =>
    [
        Required("tokenUrl", Kind.Value("Token endpoint.").Example("{{ settings.tokenUrl }}")),
        Required("clientId", Kind.Value("Client id.").Example("{{ settings.clientId }}")),
        Required("clientSecret", Kind.Value("Client secret.").Example("{{ settings.clientSecret }}")),
        Optional("client", Kind.OneOf("Where the client id and secret travel.", "basic", "body").Default("basic")),
        Optional("send", Kind.OneOf("How the parameters travel.", "form", "json", "query").Default("form")),
        Optional("form", Kind.Map("Further parameters, such as audience or scope; a null value leaves one out.", Kind.Ref(Kind.ValueName))),
        Optional("expiresAt", Kind.Text("Member of the answer with a time of expiry.").Default("expires_at")),
        Optional("expiresIn", Kind.Text("Member of the answer with the lifetime in seconds.").Default("expires_in")),
        Optional("maxAge", Kind.Duration("The longest a token is used, whatever the system says.")),
    ];
}
