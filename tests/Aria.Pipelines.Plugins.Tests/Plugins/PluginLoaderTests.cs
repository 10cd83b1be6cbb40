using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>What the author of a DLL that cannot be loaded is told.</summary>
public sealed class PluginLoaderTests : IDisposable
{
    private const string SampleDll = "Aria.Pipelines.Plugins.Sample.dll";
    private static readonly SourcePosition At = new("plugins/Some/connector.json", 4, 11);
    private readonly ConnectorsRoot _root = new();
    private readonly DiagnosticBag _bag = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("../Sample/Aria.Pipelines.Plugins.Sample.dll")]
    [InlineData("..\\evil.dll")]
    [InlineData("bin/evil.dll")]
    [InlineData("/etc/evil.dll")]
    [InlineData("C:\\evil.dll")]
    [InlineData("evil.dll\u0000.txt")]
    [InlineData("evil.exe")]
    [InlineData("evil.DLL")]
    [InlineData("nul.dll")]
    [InlineData(".dll")]
    [InlineData("")]
    public void Load_NameThatIsNoPlainDllName_IsRefusedBeforeAnyFileIsTouched(string name)
    {
        _root.Add("Some");

        Load(name).ShouldBeNull();

        Only().ShouldBe(
            $"plugins/Some/connector.json(4,11): error ARIA3201: '{name}' is not the file name of a DLL. Give the name alone, without a folder, ending with '.dll'. "
            + "Use letters, digits, '.', '_' and '-' of ASCII, beginning with a letter or digit, at most 100 characters, and no device name of Windows.");
    }

    [Fact]
    public void Load_NoFileButSource_SaysHowToBuildIt()
    {
        File.WriteAllText(Path.Combine(_root.Add("Some"), "Some.csproj"), "<Project />");

        Load("Some.dll").ShouldBeNull();

        Only().ShouldBe(
            "plugins/Some/connector.json(4,11): error ARIA3202: 'Some.dll' is neither in 'plugins/Some' nor in 'artifacts/plugins/Some'. "
            + "Build it: dotnet build plugins/Some");
    }

    [Fact]
    public void Load_NoFileAndNoSource_SaysWhereToPutIt()
    {
        _root.Add("Some");

        Load("Some.dll").ShouldBeNull();

        Only().ShouldEndWith("Put it, its .deps.json and the DLLs that it needs beside 'connector.json'.");
    }

    [Fact]
    public void Load_Link_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_root.Add("Some"), SampleDll), Path.Combine(BuiltPlugins.Sample, SampleDll));

        Load(SampleDll).ShouldBeNull();

        Only().ShouldEndWith($"error ARIA3203: '{SampleDll}', or the folder it is in, is a link. Put the file itself there.");
    }

    [Fact]
    public void Load_UnreadableFile_SaysSo()
    {
        string file = Path.Combine(_root.Add("Some", Path.Combine(BuiltPlugins.Sample, SampleDll)), SampleDll);
        using var writer = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Load(SampleDll).ShouldBeNull();

        Only().ShouldContain($"error ARIA3203: '{SampleDll}' cannot be read. ");
        _bag.Items[0].Fault.ShouldBe(DiagnosticFault.Operator);
    }

    [Theory]
    [InlineData("", "It is empty.")]
    [InlineData("this is text, not code", "Unknown file format.")]
    public void Load_Garbage_IsNotAnAssembly(string content, string reason)
    {
        File.WriteAllText(Path.Combine(_root.Add("Some"), "Some.dll"), content);

        Load("Some.dll").ShouldBeNull();

        Only().ShouldBe($"plugins/Some/connector.json(4,11): error ARIA3204: 'Some.dll' is not a .NET assembly. {reason}");
    }

    [Fact]
    public void Load_DamagedAssembly_NeverThrows()
    {
        byte[] good = File.ReadAllBytes(Path.Combine(BuiltPlugins.Fixture("Twin"), "Aria.Pipelines.Plugins.Twin.dll"));
        string file = Path.Combine(_root.Add("Some"), "Aria.Pipelines.Plugins.Twin.dll");
        for (int length = 1; length < good.Length; length += 97)
        {
            File.WriteAllBytes(file, good[..length]);
            Load("Aria.Pipelines.Plugins.Twin.dll").ShouldBeNull();
        }

        _bag.Items.Select(d => d.Code).Distinct().ShouldBeSubsetOf([PluginCodes.NotAnAssembly, PluginCodes.LoadFailed, PluginCodes.SeveralConnectors]);
    }

    [Fact]
    public void Load_BuiltForAnotherMajorOfTheContract_IsNotLoaded()
    {
        string file = Path.Combine(_root.Add("Some"), SampleDll);
        File.WriteAllBytes(file, WithContractMajor(File.ReadAllBytes(Path.Combine(BuiltPlugins.Sample, SampleDll)), 7));

        Load(SampleDll).ShouldBeNull();

        Only().ShouldStartWith($"plugins/Some/connector.json(4,11): error ARIA3205: '{SampleDll}' was built for version 7.");
    }

    [Theory]
    [InlineData("1.0.0.0", "2.3.0.0", "Ask its author for a release made for version 2, or rebuild", DiagnosticFault.Connector)]
    [InlineData("3.0.0.0", "2.3.0.0", "Update the host to one that has version 3.0.0, or rebuild", DiagnosticFault.Operator)]
    [InlineData("2.4.0.0", "2.3.0.0", "Update the host to one that has version 2.4.0, or rebuild", DiagnosticFault.Operator)]
    public void FitsContract_OtherMajorOrNewer_SaysWhatToDo(string builtFor, string host, string advice, DiagnosticFault fault)
    {
        var contract = Version.Parse(builtFor);

        PluginLoader.FitsContract(contract, Version.Parse(host), "Some.dll", At, _bag).ShouldBeFalse();

        Only().ShouldBe(
            $"plugins/Some/connector.json(4,11): error ARIA3205: 'Some.dll' was built for version {contract.ToString(3)} of 'Aria.Pipelines.Abstractions'; "
            + $"this host has version 2.3.0. {advice} the connector against version 2.3.0, with \"contract\": 1 in connector.json.");
        _bag.Items[0].Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData("2.3.0.0")]
    [InlineData("2.0.0.0")]
    public void FitsContract_SameMajorAndNotNewer_Fits(string builtFor)
    {
        PluginLoader.FitsContract(Version.Parse(builtFor), Version.Parse("2.3.0.0"), "Some.dll", At, _bag).ShouldBeTrue();

        _bag.Items.ShouldBeEmpty();
    }

    [Fact]
    public void Load_CopyOfTheContractBeside_IsIgnoredWithAWarning()
    {
        string contract = typeof(IConnector).Assembly.Location;
        _root.Add("Some", [.. Directory.GetFiles(BuiltPlugins.Sample), contract]);

        using LoadedPlugin plugin = Load(SampleDll).ShouldNotBeNull();

        plugin.Connector.ShouldBeAssignableTo<IDecodesDeliveries>();
        plugin.Connector.GetType().GetInterface(nameof(IConnector))!.Assembly.ShouldBeSameAs(typeof(IConnector).Assembly);
        Only().ShouldBe(
            $"plugins/Some/connector.json(4,11): warning ARIA3206: '{SampleDll}' comes with its own copy of 'Aria.Pipelines.Abstractions.dll', which is ignored: "
            + "the host's is used. Refer to the contract with Private=\"false\" ExcludeAssets=\"runtime\" and delete the copy.");
    }

    [Fact]
    public void Load_WithoutItsDependencies_SaysSoAtOnce()
    {
        _root.Add("Some", Path.Combine(BuiltPlugins.Sample, SampleDll));

        Load(SampleDll).ShouldBeNull();

        string text = Only();
        text.ShouldStartWith($"plugins/Some/connector.json(4,11): error ARIA3207: '{SampleDll}' cannot be loaded: Could not load file or assembly 'CsvHelper, ");
        text.ShouldEndWith("Its own DLLs and its .deps.json must lie beside it, and be made for this system and version of .NET.");
    }

    [Fact]
    public void Load_AssemblyWithoutConnector_SaysWhatIsWanted()
    {
        _root.Add("Some", Path.Combine(BuiltPlugins.Sample, "CsvHelper.dll"));

        Load("CsvHelper.dll").ShouldBeNull();

        Only().ShouldBe(
            "plugins/Some/connector.json(4,11): error ARIA3208: 'CsvHelper.dll' has no connector class. Exactly one public class with a public parameterless "
            + "constructor must implement an ability of the contract, such as IDecodesDeliveries.");
    }

    [Fact]
    public void Load_TwoConnectors_NamesBoth()
    {
        _root.Add("Twin", Directory.GetFiles(BuiltPlugins.Fixture("Twin")));

        Load("Aria.Pipelines.Plugins.Twin.dll").ShouldBeNull();

        Only().ShouldContain(
            "error ARIA3209: 'Aria.Pipelines.Plugins.Twin.dll' has 2 connector classes: "
            + "'Aria.Pipelines.Plugins.Twin.FirstConnector', 'Aria.Pipelines.Plugins.Twin.SecondConnector'. Exactly one ");
    }

    [Fact]
    public void Load_ConstructorThrows_IsAFindingWithItsMessage()
    {
        _root.Add("Broken", Directory.GetFiles(BuiltPlugins.Fixture("Broken")));

        Load("Aria.Pipelines.Plugins.Broken.dll").ShouldBeNull();

        Only().ShouldBe(
            "plugins/Some/connector.json(4,11): error ARIA3210: The constructor of 'Aria.Pipelines.Plugins.Broken.BrokenConnector' in "
            + "'Aria.Pipelines.Plugins.Broken.dll' threw InvalidOperationException: the licence file is missing "
            + "A constructor must not need settings, files or the network.");
        _bag.Items[0].Fault.ShouldBe(DiagnosticFault.Connector);
    }

    [Fact]
    public void Load_BesideAndBuilt_PrefersTheOneBeside()
    {
        string beside = _root.Add("Some", Directory.GetFiles(BuiltPlugins.Sample));
        File.WriteAllBytes(Path.Combine(_root.BuildOf("Some"), SampleDll), RandomNumberGenerator.GetBytes(64));

        using LoadedPlugin plugin = Load(SampleDll).ShouldNotBeNull();

        plugin.File.ShouldBe(Path.Combine(beside, SampleDll));
        _bag.Items.ShouldBeEmpty();
    }

    private LoadedPlugin? Load(string name)
    {
        PluginFolder folder = _root.Locked();
        return PluginLoader.Load(folder, name, At, _bag);
    }

    private string Only() => _bag.Items.ShouldHaveSingleItem().ToString();

    /// <summary>Rewrites the version in the assembly's reference to the contract; the row begins with the major version (ECMA-335 II.22.5).</summary>
    private static byte[] WithContractMajor(byte[] assembly, ushort major)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        MetadataReader metadata = image.GetMetadataReader();
        AssemblyReferenceHandle contract = metadata.AssemblyReferences
            .Single(h => metadata.StringComparer.Equals(metadata.GetAssemblyReference(h).Name, "Aria.Pipelines.Abstractions"));
        int row = image.PEHeaders.MetadataStartOffset
            + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + (metadata.GetTableRowSize(TableIndex.AssemblyRef) * (MetadataTokens.GetRowNumber(contract) - 1));
        byte[] patched = [.. assembly];
        BitConverter.TryWriteBytes(patched.AsSpan(row), major).ShouldBeTrue();
        return patched;
    }
}
