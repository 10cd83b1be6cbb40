using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Tests.Secrets;

public sealed class SecretSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("aria-secrets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Environment_Variable_IsFoundUnderItsName()
    {
        Environment.SetEnvironmentVariable("ARIA_SECRET_TEST__ONE_GREENHOUSE_CLIENT_ID", "v1");
        var source = new EnvironmentSecretSource("test-one");

        source.Find("greenhouse-client-id").ShouldBe("v1");
        source.Find("greenhouse.client/id").ShouldBeNull();
        source.Find("greenhouse-client-secret").ShouldBeNull();
        source.HowToProvide("aria-key").ShouldBe("environment variable ARIA_SECRET_TEST__ONE_ARIA_KEY");
    }

    [Fact]
    public void Environment_VariableOfAnotherEnvironment_IsNotFound()
    {
        Environment.SetEnvironmentVariable("ARIA_SECRET_TESTPROD_TOKEN", "v1");

        new EnvironmentSecretSource("teststaging").Find("token").ShouldBeNull();
        new EnvironmentSecretSource("testprod").Find("token").ShouldBe("v1");
    }

    [Fact]
    public void Environment_NameThatRunsOnWhereTheEnvironmentEnds_FindsNothingOfTheOther()
    {
        Environment.SetEnvironmentVariable("ARIA_SECRET_TESTLIVE__EU_TOKEN", "v1");

        new EnvironmentSecretSource("testlive-eu").Find("token").ShouldBe("v1");
        new EnvironmentSecretSource("testlive").Find("eu-token").ShouldBeNull();
        new EnvironmentSecretSource("testlive").Find("-eu-token").ShouldBeNull();
    }

    [Fact]
    public void Environment_AnyTwoNamesInAnyTwoEnvironments_AreTwoVariables()
    {
        string[] texts = [.. Enumerable.Range(1, 5).SelectMany(length => Texts(length))];
        string[] environments = [.. texts.Where(t => t[0] != '-')];
        string[] names = [.. texts.Where(t => t[0] != '-')];

        string[] variables = [.. environments.SelectMany(e => names.Select(n => new EnvironmentSecretSource(e).HowToProvide(n)))];

        variables.Length.ShouldBe(961);
        variables.ShouldBeUnique();
        variables.ShouldAllBe(v => v.StartsWith("environment variable ARIA_SECRET_A", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("test_one", "token")]
    [InlineData("test.one", "token")]
    [InlineData("Testone", "token")]
    [InlineData("testone", "to_ken")]
    [InlineData("testone", "Token")]
    public void Environment_NameThatAnotherCouldBeTakenFor_IsNotFoundAndSaysWhy(string environment, string name)
    {
        Environment.SetEnvironmentVariable("ARIA_SECRET_TEST__ONE_TOKEN", "v1");
        Environment.SetEnvironmentVariable("ARIA_SECRET_TESTONE_TOKEN", "v1");
        Environment.SetEnvironmentVariable("ARIA_SECRET_TESTONE_TO_KEN", "v1");
        var source = new EnvironmentSecretSource(environment);

        source.Find(name).ShouldBeNull();
        source.HowToProvide(name).ShouldBe($"an environment variable, for an environment and a name of a-z, 0-9 and '-' that begin with no '-' (not '{environment}' and '{name}')");
    }

    [Fact]
    public void Environment_EmptyVariable_IsNoSecret()
    {
        Environment.SetEnvironmentVariable("ARIA_SECRET_TESTEMPTY_TOKEN", "");

        new EnvironmentSecretSource("testempty").Find("token").ShouldBeNull();
    }

    [Theory]
    [InlineData("value", "value")]
    [InlineData("value\n", "value")]
    [InlineData("value\r\n", "value")]
    [InlineData("value\n\n", "value\n")]
    [InlineData(" value ", " value ")]
    [InlineData("\n", null)]
    public void Folder_File_LosesOneNewline(string content, string? expected)
    {
        Write("production", "aria-key", content);

        new FolderSecretSource(folder, "production").Find("aria-key").ShouldBe(expected);
    }

    [Fact]
    public void Folder_FileOfAnotherEnvironment_IsNotFound()
    {
        Write("staging", "aria-key", "v");
        var source = new FolderSecretSource(folder, "production");

        source.Find("aria-key").ShouldBeNull();
        source.Find("../staging/aria-key").ShouldBeNull();
        source.HowToProvide("aria-key").ShouldBe($"file {Path.Combine(folder, "production", "aria-key")}");
    }

    [Theory]
    [InlineData("Aria")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a.b")]
    public void Folder_NameOutsideTheAlphabet_IsNotFoundAndSaysWhy(string name)
    {
        Write("production", "aria", "v");
        var source = new FolderSecretSource(folder, "production");

        source.Find(name).ShouldBeNull();
        source.HowToProvide(name).ShouldBe($"a file in {Path.Combine(folder, "production")}, under a name of a-z, 0-9 and '-' (not '{name}')");
    }

    [Fact]
    public void Folder_EnvironmentOutsideTheAlphabet_IsRefused() =>
        Should.Throw<ArgumentException>(() => new FolderSecretSource(folder, "../production")).Message
            .ShouldStartWith("Environment '../production' cannot name a folder of secrets: use a-z, 0-9 and '-'.");

    [Fact]
    public void Combined_FirstSourceThatHasIt_Wins()
    {
        var first = new MemorySecretSource(new Dictionary<string, string> { ["a"] = "1" });
        var second = new MemorySecretSource(new Dictionary<string, string> { ["a"] = "2", ["b"] = "3" });
        var source = new CombinedSecretSource(first, second);

        source.Find("a").ShouldBe("1");
        source.Find("b").ShouldBe("3");
        source.Find("c").ShouldBeNull();
        new CombinedSecretSource(new EnvironmentSecretSource("prod"), first).HowToProvide("c")
            .ShouldBe("environment variable ARIA_SECRET_PROD_C, or entry 'c' of the secrets in memory");
    }

    /// <summary>All texts of a length over a letter and '-'.</summary>
    private static IEnumerable<string> Texts(int length) =>
        length == 0 ? [""] : Texts(length - 1).SelectMany(t => new[] { t + "a", t + "-" });

    private void Write(string environment, string name, string content)
    {
        Directory.CreateDirectory(Path.Combine(folder, environment));
        File.WriteAllText(Path.Combine(folder, environment, name), content);
    }
}
