using System.Text;
using Aria.Pipelines.Compilation.Rules;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Compilation;

/// <summary>Forms of secrets. The texts are put together here, so that no file of this repository looks like one.</summary>
public sealed class RulesSecretTests
{
    [Theory]
    [InlineData("gh", "p_16C7e42F292c6912E7710c838347Ae178B4a", "A GitHub token")]
    [InlineData("xo", "xb-123456789012-abcdefghijkl", "A Slack token")]
    [InlineData("https://hooks.", "slack.com/services/T0AAAAAAA/B0BBBBBBB/cccccccccccccccccccccccc", "A Slack token")]
    [InlineData("sk_", "live_4eC39HqLyjWDarjtT1zdp7dc", "An API key")]
    [InlineData("AI", "zaSyA1234567890abcdefghijklmnopqrstuvw", "A Google API key")]
    [InlineData("Authorization: Bea", "rer 9f8e7d6c5b4a39281706f5e4d3c2b1a0", "A bearer token")]
    public void Text_WithTheFormOfASecret_IsAFinding(string begin, string end, string what) =>
        Lint("a.json", $$"""{ "note": "{{begin}}{{end}}" }""").ShouldBe(
            [$"a.json(1,11): error ARIA2122: {what} looks like a secret written into a file. Revoke it, because files are copied and kept; then give it to the host and name it in the connection as \"${{secret:name}}\"."]);

    [Theory]
    [InlineData("""{ "token": "the token of the account has expired" }""")]
    [InlineData("""{ "apiKey": "${secret:desk-api-key}" }""")]
    [InlineData("""{ "token": "{{ steps.login.output.token_of_12345 }}" }""")]
    [InlineData("""{ "key": "4056310" }""")]
    [InlineData("""{ "note": "7f3kQ9zLx2Vb8Rt5" }""")]
    [InlineData("""{ "token_url": "https://auth.example.com/oauth2/token?v=20260101" }""")]
    [InlineData("""{ "password": "aaaaaaaaaaaaaaaaaaaa1" }""")]
    public void Text_ThatIsNoSecret_IsLeftAlone(string json) => Lint("a.json", json).ShouldBeEmpty();

    [Fact]
    public void Finding_NeverRepeatsTheSecret()
    {
        string[] found = Lint("f.js", "const x = 1;\nconst password = 'xK9mQ2vL7pW4zR81';\nreturn x;");

        found.ShouldHaveSingleItem().ShouldStartWith("f.js(2,19): error ARIA2122: The value of 'password' looks like a secret written into a file.");
        found[0].ShouldNotContain("xK9mQ2vL7pW4zR81");
    }

    private static string[] Lint(string file, string text)
    {
        var bag = new DiagnosticBag();
        SecretTexts.Check(file, Encoding.UTF8.GetBytes(text), bag);
        return [.. bag.Items.Select(d => d.ToString())];
    }
}
