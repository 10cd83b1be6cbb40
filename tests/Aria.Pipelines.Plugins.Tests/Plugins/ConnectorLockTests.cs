using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>Code is loaded only when somebody trusted exactly these bytes.</summary>
public sealed class ConnectorLockTests : IDisposable
{
    private const string Dll = "Aria.Pipelines.Plugins.Sample.dll";
    private const string Mend = "If you made this change, look at it and run: aria connector lock plugins/Sample. If you did not, put back what was locked: this code runs with all rights of the host.";
    private readonly ConnectorsRoot _root = new();
    private readonly DiagnosticBag _bag = new();
    private readonly string _folder;

    public ConnectorLockTests()
    {
        _folder = _root.Add("Sample", Directory.GetFiles(BuiltPlugins.Sample));
        string definition = Path.Combine(BuiltPlugins.Connectors, "Sample");
        File.Copy(Path.Combine(definition, ConnectorReader.FileName), Path.Combine(_folder, ConnectorReader.FileName), overwrite: true);
        File.Copy(Path.Combine(definition, "application.json"), Path.Combine(_folder, "application.json"));
        Directory.CreateDirectory(Path.Combine(_folder, "samples"));
        foreach (string sample in Directory.GetFiles(Path.Combine(definition, "samples")))
        {
            File.Copy(sample, Path.Combine(_folder, "samples", Path.GetFileName(sample)));
        }
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Load_LockedFolder_IsLoaded()
    {
        _root.Locked();

        using InstalledConnectors installed = Load();

        _bag.Items.ShouldBeEmpty();
        installed.All.ShouldHaveSingleItem().Code.ShouldNotBeNull();
    }

    [Fact]
    public void Load_CodeWithoutALock_IsNotLoadedAndSaysWhatToDo()
    {
        using InstalledConnectors installed = Load();

        installed.ByName.ShouldBeEmpty();
        Only().ShouldBe(
            $"plugins/Sample/connector.json(8,11): error ARIA3213: '{Dll}' has no lock, so it is not loaded. "
            + "Make sure that the folder holds what its author released, then run: aria connector lock plugins/Sample");
    }

    [Theory]
    [InlineData(Dll, "'Aria.Pipelines.Plugins.Sample.dll' was changed")]
    [InlineData("CsvHelper.dll", "'CsvHelper.dll' was changed")]
    [InlineData("Aria.Pipelines.Plugins.Sample.deps.json", "'Aria.Pipelines.Plugins.Sample.deps.json' was changed")]
    [InlineData("connector.json", "'connector.json' was changed")]
    [InlineData("samples/moved.csv", "'samples/moved.csv' was changed")]
    public void Load_OneByteChanged_IsNotLoadedAndNamesTheFile(string file, string difference)
    {
        _root.Locked();
        string path = Path.Combine(_folder, file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        using InstalledConnectors installed = Load();

        installed.ByName.ShouldBeEmpty();
        Only().ShouldBe($"plugins/Sample/connector.lock.json: error ARIA3214: 'plugins/Sample' is not what was locked, so it is not loaded: {difference}. {Mend}");
    }

    [Fact]
    public void Load_FilesAddedAndRemoved_NamesAll()
    {
        _root.Locked();
        File.WriteAllText(Path.Combine(_folder, "Evil.dll"), "MZ");
        File.Delete(Path.Combine(_folder, "samples", "moved.csv"));

        using InstalledConnectors installed = Load();

        Only().ShouldBe($"plugins/Sample/connector.lock.json: error ARIA3214: 'plugins/Sample' is not what was locked, so it is not loaded: 'Evil.dll' is new, 'samples/moved.csv' is gone. {Mend}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{ "files": { "connector.json": 7 } }""")]
    public void Load_LockThatIsNone_IsNotLoaded(string text)
    {
        File.WriteAllText(Path.Combine(_folder, ConnectorLock.FileName), text);

        using InstalledConnectors installed = Load();

        installed.ByName.ShouldBeEmpty();
        Only().ShouldStartWith("plugins/Sample/connector.lock.json: error ARIA3214: The lock of 'plugins/Sample' cannot be read, so it is not loaded: it has no \"files\" with a hash each (");
    }

    [Fact]
    public void Load_ConnectorOfJsonAlone_NeedsNoLockAndIsHeldToTheOneItHas()
    {
        string path = Path.Combine(_folder, ConnectorReader.FileName);
        Directory.GetFiles(_folder, "*.dll").ToList().ForEach(File.Delete);
        File.WriteAllText(path, """{ "connector": "plain", "version": "1.0.0", "contract": 1, "title": "Plain", "http": { "baseUrl": "https://a.example" } }""");
        using (InstalledConnectors unlocked = Load())
        {
            unlocked.ByName.Keys.ShouldBe(["plain"]);
        }
        _root.Locked();
        File.AppendAllText(path, "\n");

        using InstalledConnectors changed = Load();

        changed.ByName.ShouldBeEmpty();
        Only().ShouldContain("'connector.json' was changed");
    }

    [Fact]
    public void Build_OfThisRepository_LocksWhatItMade()
    {
        FolderImage image = FolderImage.Read(BuiltPlugins.Sample);

        image.Names.ShouldContain("CsvHelper.dll");
        ConnectorLock.Differences(BuiltPlugins.Sample, image).ShouldBeEmpty();
    }

    private InstalledConnectors Load() => InstalledConnectors.Load(_root.Root, "plugins", new MappingCompiler(), _bag);

    private string Only() => _bag.Items.ShouldHaveSingleItem().ToString();
}
