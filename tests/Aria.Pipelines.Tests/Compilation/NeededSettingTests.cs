using Aria.Pipelines.Authoring.Scaffolding;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Tests.Compilation;

/// <summary>Settings that are needed under a condition: of the credentials, those of the way that a connection chose.</summary>
public sealed class NeededSettingTests : IDisposable
{
    private static readonly Dictionary<string, Connector> Known = new()
    {
        ["greenhouse"] = Connectors.Plugins.Greenhouse,
        ["aria"] = Connectors.Plugins.Aria,
        ["icims"] = Connectors.Plugins.ICims,
        ["lever"] = Connectors.Plugins.Lever,
        ["smartrecruiters"] = Connectors.Plugins.SmartRecruiters,
    };

    private readonly WorkspaceFolder _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("aria", "", "apiKey: needed when settings.auth === 'key'")]
    [InlineData("aria", "\"auth\": \"key\", \"clientId\": \"${secret:c}\", \"clientSecret\": \"${secret:d}\"", "apiKey: needed when settings.auth === 'key'")]
    [InlineData("aria", "\"auth\": \"oauth\", \"apiKey\": \"${secret:a}\"", "clientId: needed when settings.auth === 'oauth'", "clientSecret: needed when settings.auth === 'oauth'")]
    [InlineData("aria", "\"auth\": \"oauth\", \"clientId\": \"${secret:a}\"", "clientSecret: needed when settings.auth === 'oauth'")]
    [InlineData("aria", "\"auth\": \"oauth\", \"clientId\": \"${secret:a}\", \"clientSecret\": \"${secret:b}\"")]
    [InlineData("icims", "\"customerId\": \"7\", \"user\": \"${secret:a}\"", "password: needed when settings.auth === 'basic'")]
    [InlineData("icims", "\"customerId\": \"7\", \"auth\": \"oauth2\", \"events\": \"search\", \"clientId\": \"${secret:a}\", \"clientSecret\": \"${secret:b}\"", "pollStatuses: needed when settings.events === 'search'")]
    [InlineData("lever", "\"performAs\": \"u\"", "apiKey: needed when settings.auth === 'apiKey'")]
    [InlineData("lever", "\"performAs\": \"u\", \"auth\": \"oauth\", \"clientId\": \"${secret:a}\", \"clientSecret\": \"${secret:b}\"", "refreshToken: needed when settings.auth === 'oauth'")]
    [InlineData("smartrecruiters", "", "apiKey: needed when settings.clientId == null && settings.clientSecret == null")]
    [InlineData("smartrecruiters", "\"clientId\": \"${secret:a}\"", "clientSecret: needed when settings.apiKey == null && settings.clientId != null")]
    [InlineData("smartrecruiters", "\"apiKey\": \"${secret:a}\"")]
    public void Compile_Connection_NamesTheCredentialsThatItsChoiceNeeds(string connector, string settings, params string[] missing)
    {
        string hook = connector switch { "lever" => "signatureTokens", "icims" => "hookToken", _ => "webhookSecret" };
        _workspace.With($"connections/{connector}.json", $$"""{ "connector": "{{connector}}", "settings": { {{settings}}{{(settings.Length > 0 ? ", " : "")}}"{{hook}}": "${secret:hook}" } }""");

        string[] expected = [.. missing.Select(m => m.Split(": ")).Select(m =>
            $"pipelines/connections/{connector}.json(1,1): error ARIA4003: Connection '{connector}' does not give the setting '{m[0]}', which is {m[1]}. {Known[connector].Settings[m[0]].Help}")];
        Findings().ShouldBe(expected);
    }

    [Fact]
    public void Compile_ChoiceMadeByTheEnvironment_CallsForItsCredentials()
    {
        _workspace.With("environments/staging.json", """{ "connections": { "aria": { "settings": { "auth": "oauth" } } } }""");

        Findings("staging").Select(f => f.Split('\'')[3]).ShouldBe(["clientId", "clientSecret"]);
        Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Compile_ChoiceThatDoesNotExist_IsTheOnlyFinding()
    {
        _workspace.With("connections/aria.json", """{ "connector": "aria", "settings": { "auth": "oaut", "webhookSecret": "${secret:hook}" } }""");

        Findings().ShouldHaveSingleItem().ShouldBe("pipelines/connections/aria.json(1,46): error ARIA4004: 'oaut' is not allowed for the setting 'auth'. Did you mean 'oauth'? Known: key, oauth.");
    }

    [Fact]
    public void NewConnection_HoldsTheCredentialsOfTheDefault() =>
        ConnectionScaffold.File("aria", Connectors.Plugins.Aria, "s").ShouldBe("""
            {
              "$schema": "s",
              "connector": "aria",
              "settings": {
                "apiKey": "${secret:aria-api-key}",
                "webhookSecret": "${secret:aria-webhook}"
              }
            }

            """);

    private string[] Findings(string environment = "production") =>
        [.. new WorkspaceCompiler(Known, new MappingCompiler()).Compile(_workspace.Folder, "pipelines", environment).Findings.Select(f => f.ToString())];
}
