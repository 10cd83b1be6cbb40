using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

public sealed class PluginFolderTests : IDisposable
{
    private readonly ConnectorsRoot _root = new();
    private readonly DiagnosticBag _bag = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Find_SeveralFolders_AreOrderedAndOthersPassedOver()
    {
        _root.Add("Lever");
        _root.Add("ADP-2.0_x");
        _root.Add("greenhouse");
        Directory.CreateDirectory(Path.Combine(_root.Root, "notes"));
        Directory.CreateDirectory(Path.Combine(_root.Root, ".hidden folder"));
        File.WriteAllText(Path.Combine(_root.Root, "connector.json"), "{}");

        IReadOnlyList<PluginFolder> found = PluginFolder.Find(_root.Root, "plugins/", _bag);

        _bag.Items.ShouldBeEmpty();
        found.Select(f => f.DisplayPath).ShouldBe(["plugins/ADP-2.0_x", "plugins/Lever", "plugins/greenhouse"]);
    }

    [Fact]
    public void Find_ThisRepository_HasSampleWithItsFiles()
    {
        PluginFolder sample = PluginFolder.Find(BuiltPlugins.Connectors, "plugins", _bag).Single(f => f.Name == "Sample");

        _bag.Items.ShouldBeEmpty();
        sample.HasProject.ShouldBeTrue();
        sample.BuildDisplayPath.ShouldBe("artifacts/plugins/Sample");
        sample.Files.PathOf("connector.json").ShouldBe("plugins/Sample/connector.json");
        sample.Files.Read("connector.json").ShouldNotBeNull().Length.ShouldBeGreaterThan(0);
        sample.Files.Read("../README.md").ShouldBeNull();
    }

    [Fact]
    public void Find_NoSuchRoot_SaysSo()
    {
        PluginFolder.Find(Path.Combine(_root.Root, "nowhere"), "nowhere", _bag).ShouldBeEmpty();

        Only().ShouldBe("nowhere: error ARIA3212: The folder of connectors 'nowhere' does not exist. Create it, or give the folder that holds the connector folders.");
    }

    [Theory]
    [InlineData("Sample ")]
    [InlineData("Sample.")]
    [InlineData("CON")]
    [InlineData("nul.json")]
    [InlineData("Sample::$DATA")]
    [InlineData("\u202Ejson.lld")]
    [InlineData("\uFF21")]
    [InlineData("\u212Aelvin")]
    [InlineData("-rf")]
    [InlineData("~root")]
    [InlineData("$(id)")]
    [InlineData("`id`")]
    [InlineData("a\\b")]
    [InlineData("a%2fb")]
    [InlineData("x\n")]
    [InlineData("x\r\ny")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x")]
    public void Find_WeirdName_IsRefused(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot make most of these names.");
        _root.Add(name);

        PluginFolder.Find(_root.Root, "plugins", _bag).ShouldBeEmpty();

        Diagnostic refusal = _bag.Items.ShouldHaveSingleItem();
        refusal.Code.ShouldBe(PluginCodes.FolderRefused);
        refusal.Summary.ShouldBe("The name of this connector folder is not allowed.");
        refusal.Detail.ShouldStartWith("Use letters, digits, '.', '_' and '-' of ASCII");
    }

    [Fact]
    public void Find_LinkedFolder_IsRefused()
    {
        string real = _root.Add("Real");
        Directory.CreateSymbolicLink(Path.Combine(_root.Root, "Linked"), real);

        PluginFolder.Find(_root.Root, "plugins", _bag).Select(f => f.Name).ShouldBe(["Real"]);

        Only().ShouldBe("plugins/Linked: error ARIA3211: The connector folder 'Linked' is a link. Copy the folder here: what a link leads to can change unnoticed.");
    }

    [Fact]
    public void Find_DefinitionIsLinkOrFolder_IsRefused()
    {
        string linked = _root.Add("Linked");
        File.Move(Path.Combine(linked, "connector.json"), Path.Combine(linked, "real.json"));
        File.CreateSymbolicLink(Path.Combine(linked, "connector.json"), Path.Combine(linked, "real.json"));
        Directory.CreateDirectory(Path.Combine(_root.Root, "Nested", "connector.json"));

        PluginFolder.Find(_root.Root, "plugins", _bag).ShouldBeEmpty();

        _bag.Items.Select(d => d.ToString()).ShouldBe([
            "plugins/Linked: error ARIA3211: 'connector.json' in 'Linked' is a link or a folder. Put the file itself here.",
            "plugins/Nested: error ARIA3211: 'connector.json' in 'Nested' is a link or a folder. Put the file itself here.",
        ]);
    }

    [Fact]
    public void Find_NamesThatDifferInCase_KeepsTheFirst()
    {
        _root.Add("Lever");
        Assert.SkipWhen(Directory.Exists(Path.Combine(_root.Root, "lever")), "This file system does not tell the two names apart.");
        _root.Add("lever");

        PluginFolder.Find(_root.Root, "plugins", _bag).Select(f => f.Name).ShouldBe(["Lever"]);

        Only().ShouldBe("plugins/lever: error ARIA3211: The connector folders 'Lever' and 'lever' differ only in case. Rename one; only 'Lever' is used.");
    }

    private string Only() => _bag.Items.ShouldHaveSingleItem().ToString();
}
