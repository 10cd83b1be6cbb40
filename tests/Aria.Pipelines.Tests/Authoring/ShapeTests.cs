using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Shapes;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Testing;
using Aria.Pipelines.Tests.Connectors;
using Aria.Pipelines.Tests.Testing;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>The table from which the schemas are made says what the readers say: the same members, the same ones required.</summary>
public sealed partial class ShapeTests
{
    private const string Nonsense = "qqqqqqqq";

    // Shape → file kind and place of such an object in the full definition of that kind.
    private static readonly Dictionary<Shape, (string Kind, string Pointer)> Places = new()
    {
        [PipelineShapes.Root] = ("pipeline", ""),
        [PipelineShapes.Trigger] = ("pipeline", "/triggers/0"),
        [PipelineShapes.Manual] = ("pipeline", "/triggers/1/manual"),
        [PipelineShapes.Schedule] = ("pipeline", "/triggers/2/schedule"),
        [PipelineShapes.Rollout] = ("pipeline", "/rollout"),
        [PipelineShapes.ActionStep] = ("pipeline", "/steps/0"),
        [PipelineShapes.Once] = ("pipeline", "/steps/0/once"),
        [PipelineShapes.Retry] = ("pipeline", "/steps/0/retry"),
        [PipelineShapes.MapStep] = ("pipeline", "/steps/1"),
        [PipelineShapes.AwaitStep] = ("pipeline", "/steps/2"),
        [PipelineShapes.Wait] = ("pipeline", "/steps/2/await"),
        [ConnectionShapes.Connection] = ("connection", ""),
        [ConnectionShapes.Limit] = ("connection", "/limits"),
        [ConnectionShapes.Breaker] = ("connection", "/limits/breaker"),
        [SecretShapes.Ending] = ("connection", "/trust/1"),
        [ConnectionShapes.Environment] = ("environment", ""),
        [ConnectionShapes.Overlay] = ("environment", "/connections/greenhouse"),
        [CaseShapes.Root] = ("case", ""),
        [CaseShapes.Moment] = ("case", "/given/0"),
        [CaseShapes.Event] = ("case", "/event"),
        [CaseShapes.Answer] = ("case", "/answers/0"),
        [CaseShapes.Expectation] = ("case", "/expect"),
        [CaseShapes.Request] = ("case", "/expect/requests/0"),
        [CaseShapes.StepResult] = ("case", "/expect/steps/invite"),
        [ConnectorShapes.Root] = ("connector", ""),
        [ConnectorShapes.Setting] = ("connector", "/settings/key"),
        [ConnectorShapes.Limitation] = ("connector", "/cannot/thing.move"),
        [ConnectorShapes.Provision] = ("connector", "/provision/0"),
        [ConnectorShapes.Check] = ("connector", "/checks/0"),
        [ConnectorShapes.Http] = ("connector", "/http"),
        [AuthShapes.Auth] = ("connector", "/http/auth"),
        [AuthShapes.Bearer] = ("connector", "/http/auth/bearer"),
        [AuthShapes.Basic] = ("basic", "/http/auth/basic"),
        [AuthShapes.ClientCredentials] = ("oauth", "/http/auth/clientCredentials"),
        [AuthShapes.Keys] = ("keys", "/http/auth/keys"),
        [AuthShapes.RefreshToken] = ("refresh", "/http/auth/refreshToken"),
        [AuthShapes.Login] = ("login", "/http/auth/login"),
        [AuthShapes.LoginStep] = ("login", "/http/auth/login/steps/0"),
        [AuthShapes.ClientCertificate] = ("connector", "/http/clientCertificate"),
        [ConnectorShapes.TimeHeader] = ("connector", "/http/limits/reset"),
        [ConnectorShapes.Paging] = ("connector", "/http/paging"),
        [ConnectorShapes.Error] = ("connector", "/http/errors/0"),
        [ConnectorShapes.Budget] = ("connector", "/http/limits"),
        [ConnectorShapes.Window] = ("connector", "/http/limits/also/0"),
        [EventShapes.Webhook] = ("connector", "/webhook"),
        [EventShapes.Signature] = ("connector", "/webhook/signature"),
        [EventShapes.Timestamp] = ("connector", "/webhook/signature/timestamp"),
        [EventShapes.Handshake] = ("connector", "/webhook/handshake"),
        [EventShapes.Jwt] = ("jwt", "/webhook/jwt"),
        [EventShapes.JwtBody] = ("jwt", "/webhook/jwt/body"),
        [EventShapes.Token] = ("token", "/webhook/token"),
        [EventShapes.Ack] = ("token", "/webhook/ack"),
        [EventShapes.Form] = ("token", "/webhook/form"),
        [EventShapes.Event] = ("connector", "/events/thing.made"),
        [PollShapes.Poll] = ("connector", "/events/thing.changed/poll"),
        [PollShapes.Each] = ("connector", "/events/thing.compared/poll/each"),
        [PollShapes.Choice] = ("connector", "/events/thing.chosen/poll"),
        [PollShapes.BySetting] = ("connector", "/events/thing.chosen/poll/feeds/list/interval"),
        [PollShapes.Cursor] = ("connector", "/events/thing.changed/poll/cursor"),
        [PollShapes.Timestamp] = ("connector", "/events/thing.changed/poll/cursor/timestamp"),
        [PollShapes.Remembered] = ("connector", "/events/thing.changed/poll/cursor/timestamp/remember"),
        [PollShapes.Token] = ("connector", "/events/thing.synced/poll/cursor/token"),
        [PollShapes.Watermark] = ("connector", "/events/thing.counted/poll/cursor/watermark"),
        [PollShapes.Diff] = ("connector", "/events/thing.compared/poll/cursor/diff"),
        [PollShapes.Queue] = ("connector", "/events/thing.queued/poll/cursor/queue"),
        [PollShapes.Detail] = ("connector", "/events/thing.changed/poll/detail"),
        [EventShapes.Constructed] = ("connector", "/events/thing.made/samples/0"),
        [OperationShapes.Operation] = ("connector", "/operations/thing.make"),
        [OperationShapes.Part] = ("connector", "/operations/thing.both/parts/0"),
        [OperationShapes.EffectSetting] = ("connector", "/operations/thing.make/effect"),
        [OperationShapes.Read] = ("connector", "/operations/thing.make/reads/0"),
        [OperationShapes.Ready] = ("connector", "/operations/thing.make/reads/0/ready"),
        [OperationShapes.Cache] = ("connector", "/operations/thing.make/reads/0/cache"),
        [OperationShapes.Refusal] = ("connector", "/operations/thing.make/refuse/0"),
        [OperationShapes.Request] = ("connector", "/operations/thing.make/request"),
        [OperationShapes.Lookup] = ("connector", "/operations/thing.make/lookup"),
        [OperationShapes.Idempotency] = ("connector", "/operations/thing.make/idempotency"),
    };

    // Needed only beside other members: 'on' and 'from' without 'manual', 'output' unless the request is "code", 'effect' unless there are 'parts'.
    private static readonly HashSet<(string Pointer, string Member)> NeededHere = [("/triggers/0", "on"), ("/event", "from"), ("/operations/thing.make", "output"), ("/operations/thing.make", "effect"), ("/events/thing.made", "wireType"), ("/webhook", "signature"), ("/webhook/signature", "header"), ("/http/paging", "link"), ("/webhook/signature/timestamp", "header")];

    // Missed with a code of their own, because what is missing is more than a member.
    private static readonly Dictionary<(string Pointer, string Member), string> MissedAs = new() { [("/webhook/jwt", "body")] = ConnectorCodes.Unsigned };

    public static TheoryData<string> Names => [.. Places.Select(p => $"{p.Value.Kind} {p.Value.Pointer}")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Shape_AndItsReader_KnowTheSameMembers(string name)
    {
        (Shape shape, string kind, string pointer) = Find(name);

        string json = Shipped.Change(Full(kind), pointer, o => o[Nonsense] = 1);

        Diagnostic finding = Findings(kind, json).Where(f => f.Summary == $"Property '{Nonsense}' is not known here.").ShouldHaveSingleItem();
        finding.Detail.ShouldStartWith("Known: ");
        finding.Detail["Known: ".Length..].TrimEnd('.').Split(", ").ShouldBe(shape.Members.Select(m => m.Name), ignoreOrder: true);
        Shipped.Validate(SchemaOf(kind), json).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shape_AndItsReader_RequireTheSameMembers(string name)
    {
        (Shape shape, string kind, string pointer) = Find(name);
        foreach (Member member in shape.Members)
        {
            string json = Shipped.Change(Full(kind), pointer, o => (o.Remove(member.Name) || !member.IsRequired).ShouldBeTrue(member.Name));

            bool isMissed = MissedAs.TryGetValue((pointer, member.Name), out string? own)
                ? Findings(kind, json).Any(f => f.Code == own)
                : Findings(kind, json).Any(f => f.Code == DefinitionCodes.MissingProperty && f.Summary == $"Property '{member.Name}' is missing.");

            isMissed.ShouldBe(member.IsRequired || NeededHere.Contains((pointer, member.Name)), member.Name);
            if (isMissed)
            {
                Shipped.Validate(SchemaOf(kind), json).ShouldNotBeEmpty(member.Name);
            }
        }
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("connection")]
    [InlineData("environment")]
    [InlineData("case")]
    [InlineData("connector")]
    [InlineData("basic")]
    [InlineData("oauth")]
    [InlineData("keys")]
    [InlineData("refresh")]
    [InlineData("login")]
    [InlineData("token")]
    [InlineData("jwt")]
    public void FullDefinition_OfEachKind_IsGoodForReaderAndSchema(string kind)
    {
        Findings(kind, Full(kind)).Where(f => f.Severity == DiagnosticSeverity.Error).Select(f => f.ToString()).ShouldBeEmpty();
        Shipped.Validate(SchemaOf(kind), Full(kind)).ShouldBeEmpty();
    }

    [Fact]
    public void Readers_EveryObjectTheyAllow_HasAShape()
    {
        HashSet<string> shapes = [.. Places.Keys.Select(s => Sorted(s.Members.Select(m => m.Name)))];

        string[] unknown = [.. new[] { "Definitions", "Compilation", "Connectors", "Testing" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Shipped.Root, "engine/Aria.Pipelines", folder), "*Reader.cs"))
            .SelectMany(file => AllowOnly().Matches(File.ReadAllText(file)).Select(m => (File: Path.GetFileName(file), Members: Sorted(Text().Matches(m.Value).Select(t => t.Groups["text"].Value)))))
            .Where(allowed => !shapes.Contains(allowed.Members))
            .Select(allowed => $"{allowed.File}: {allowed.Members}")];

        unknown.ShouldBeEmpty("describe these members in engine/Aria.Pipelines/Authoring/Shapes");
    }

    private static string Sorted(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private static (Shape Shape, string Kind, string Pointer) Find(string name)
    {
        KeyValuePair<Shape, (string Kind, string Pointer)> found = Places.Single(p => $"{p.Value.Kind} {p.Value.Pointer}" == name);
        return (found.Key, found.Value.Kind, found.Value.Pointer);
    }

    private static string SchemaOf(string kind) => kind is "basic" or "oauth" or "keys" or "refresh" or "login" or "token" or "jwt" ? "connector.schema.json" : $"{kind}.schema.json";

    private static string Full(string kind) => kind switch
    {
        "pipeline" => FullDefinitions.Pipeline,
        "connection" => FullDefinitions.Connection,
        "environment" => FullDefinitions.Environment,
        "case" => FullDefinitions.Case,
        "connector" => FullDefinitions.Connector,
        "basic" => WithAuth("""{ "basic": { "user": "{{ settings.key }}", "password": "x" } }"""),
        "token" => Shipped.Change(Shipped.Change(FullDefinitions.Connector, "/webhook", o => o.Remove("signature")), "/webhook", o =>
        {
            o["token"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "setting": "key", "header": "X-Token" }""");
            o["ack"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "status": 202, "body": { "ok": true } }""");
            o["form"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "json": ["payload"] }""");
        }),
        "jwt" => Shipped.Change(FullDefinitions.Connector, "/webhook", o =>
        {
            o.Remove("signature");
            o["jwt"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "header": "Authorization", "prefix": "Bearer ", "algorithm": "RS256", "secret": "key", "tolerance": "5m", "claims": { "iss": "test" }, "body": { "claim": "hash", "encoding": "hex" } }""");
        }),
        "keys" => WithAuth("""{ "keys": { "headers": { "X-Key": "Token {{ settings.key }}" }, "query": { "key": "{{ settings.key }}" }, "body": { "key": "{{ settings.key }}" } } }"""),
        "refresh" => WithAuth("""{ "refreshToken": { "tokenUrl": "https://example.com", "clientId": "a", "clientSecret": "b", "client": "body", "send": "json", "secret": "key", "form": { "audience": "x" }, "expiresAt": "a", "expiresIn": "b", "maxAge": "1h" } }"""),
        "login" => WithAuth("""
            { "login": {
              "steps": [ { "id": "token", "when": "settings.key != null", "request": { "method": "POST", "path": "https://example.com/token", "form": { "key": "{{ settings.key }}" } }, "accept": [200, 302], "optional": true, "rotate": { "key": "{{ response.body.next }}" }, "follow": ["example.com"] } ],
              "headers": { "X-Token": "{{ login.token.body.token }}" }, "query": {}, "body": {}, "baseUrl": "{{ login.token.body.url }}",
              "expiresAt": "{{ login.token.body.until }}", "expiresIn": "{{ login.token.body.ttl }}", "unit": "minutes", "maxAge": "48h" } }
            """),
        _ => WithAuth("""{ "clientCredentials": { "tokenUrl": "https://example.com", "clientId": "a", "clientSecret": "{{ settings.key }}", "client": "body", "form": { "a": "b" }, "expiresAt": "a", "expiresIn": "b" } }"""),
    };

    private static string WithAuth(string auth) => Shipped.Change(FullDefinitions.Connector, "/http", o => o["auth"] = System.Text.Json.Nodes.JsonNode.Parse(auth));

    private static IReadOnlyList<Diagnostic> Findings(string kind, string json)
    {
        var bag = new DiagnosticBag();
        if (SchemaOf(kind) == "connector.schema.json")
        {
            ConnectorReader.Read(new TestFolder(json).With("samples/made.json", """{ "type": "made", "id": "1" }"""), null, new MappingCompiler(), bag);
            return bag.Items;
        }
        if (kind == "case")
        {
            new CaseReader(new OneFile("case.json", json), bag).Read("case.json");
            return bag.Items;
        }
        SourceDocument document = SourceDocument.Parse("file.json", Shipped.Utf8(json), bag).ShouldNotBeNull();
        switch (kind)
        {
            case "pipeline":
                PipelineReader.Read("p", document, bag);
                break;
            case "connection":
                if (ConnectionReader.ReadConnection("c", document, bag).Trust is { } trust)
                {
                    new SecretNameReader(bag).Read("'trust'", trust);
                }
                break;
            default:
                ConnectionReader.ReadEnvironment("e", document, bag);
                break;
        }
        return bag.Items;
    }

    [GeneratedRegex(@"AllowOnly\((?:source\.)?[bB]ag,[^;]*\);", RegexOptions.None, 1000)]
    private static partial Regex AllowOnly();

    [GeneratedRegex("\"(?<text>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Text();
}
