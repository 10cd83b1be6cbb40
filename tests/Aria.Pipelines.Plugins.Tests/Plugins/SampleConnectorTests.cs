using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Plugins.Tests.Support;

namespace Aria.Pipelines.Plugins.Tests.Plugins;

/// <summary>The connector of this repository that has code, loaded from where the build puts it.</summary>
public sealed class SampleConnectorTests
{
    private const string Dll = "Aria.Pipelines.Plugins.Sample.dll";
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Nothing = new Dictionary<string, IReadOnlyList<string>>();

    [Fact]
    public void Load_Sample_SharesTheContractAndNothingElse()
    {
        using LoadedPlugin plugin = Load();

        plugin.AssemblyName.ShouldBe("Aria.Pipelines.Plugins.Sample");
        plugin.AssemblyVersion.ShouldBe(typeof(IConnector).Assembly.GetName().Version);
        plugin.File.ShouldBe(Path.Combine(BuiltPlugins.Sample, Dll));
        File.Exists(Path.Combine(BuiltPlugins.Sample, "Aria.Pipelines.Abstractions.dll")).ShouldBeFalse();
        Assembly code = plugin.Connector.GetType().Assembly;
        AssemblyLoadContext own = AssemblyLoadContext.GetLoadContext(code).ShouldNotBeNull();
        own.IsCollectible.ShouldBeTrue();
        own.Assemblies.Select(a => a.GetName().Name).Order(StringComparer.Ordinal).ShouldBe(["Aria.Pipelines.Plugins.Sample", "CsvHelper"]);
        AssemblyLoadContext.Default.Assemblies.Select(a => a.GetName().Name).ShouldNotContain("CsvHelper");
        plugin.Connector.GetType().GetInterface(nameof(IDecodesDeliveries)).ShouldBeSameAs(typeof(IDecodesDeliveries));
    }

    [Fact]
    public void Load_Twice_KeepsTheTwoApart()
    {
        using LoadedPlugin first = Load();
        using LoadedPlugin second = Load();

        first.Connector.GetType().ShouldNotBe(second.Connector.GetType());
    }

    [Fact]
    public void Load_FileReplacedWhileLoaded_DoesNotTouchTheRunningCode()
    {
        using var root = new ConnectorsRoot();
        string folder = root.Add("Sample", Directory.GetFiles(BuiltPlugins.Sample));
        using LoadedPlugin plugin = PluginLoader.Load(root.Locked(), Dll, SourcePosition.None, new DiagnosticBag()).ShouldNotBeNull();
        foreach (string file in Directory.GetFiles(folder, "*.dll"))
        {
            File.WriteAllBytes(file, [0]);
        }

        Decode(plugin, "a,b\n1,2\n").ShouldHaveSingleItem().GetRawText().ShouldBe("""{"a":"1","b":"2"}""");
    }

    [Fact]
    public void Dispose_AfterUse_FreesTheLoadContext()
    {
        WeakReference context = UseAndUnload();

        for (int i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        context.IsAlive.ShouldBeFalse("Something outside of the plugin still holds one of its objects.");
    }

    [Fact]
    public void Connector_AfterDispose_IsGone()
    {
        LoadedPlugin plugin = Load();
        plugin.Dispose();

        Should.Throw<ObjectDisposedException>(() => plugin.Connector);
    }

    [Theory]
    [InlineData("applied.csv", 2)]
    [InlineData("moved.csv", 1)]
    public void Decode_Sample_GivesOneObjectPerLine(string file, int count)
    {
        using LoadedPlugin plugin = Load();
        byte[] body = File.ReadAllBytes(Path.Combine(BuiltPlugins.Connectors, "Sample", "samples", file));

        IReadOnlyList<JsonElement> events = Decode(plugin, body);

        events.Count.ShouldBe(count);
        foreach (JsonElement one in events)
        {
            one.GetProperty("action").GetString().ShouldBe(Path.GetFileNameWithoutExtension(file));
            one.GetProperty("event_id").GetString().ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public void Decode_QuotesBreaksAndEmptyCells_AreKeptAsTheyAre()
    {
        using LoadedPlugin plugin = Load();

        IReadOnlyList<JsonElement> events = Decode(plugin, "\uFEFFname,note,phone\r\n\"O'Brien, Zoë\",\"said \"\"hi\"\"\nand left\",\r\n=1+1, 007 ,\"\"\r\n");

        events.Select(e => e.GetProperty("name").GetString()).ShouldBe(["O'Brien, Zoë", "=1+1"]);
        events.Select(e => e.GetProperty("note").GetString()).ShouldBe(["said \"hi\"\nand left", " 007 "]);
        events.Select(e => e.GetProperty("phone").ValueKind).ShouldBe([JsonValueKind.Null, JsonValueKind.Null]);
    }

    [Fact]
    public void Decode_TitlesAlone_CarryNoEvent()
    {
        using LoadedPlugin plugin = Load();

        Decode(plugin, "event_id,action\n").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "The body has no title line.")]
    [InlineData("a,a\n1,2\n", "A column title is missing or appears twice.")]
    [InlineData("a,\n1,2\n", "A column title is missing or appears twice.")]
    [InlineData("a,b\n1,2\n1\n", "Line 3 has 1 cells; the title line has 2.")]
    public void Decode_BrokenTable_ThrowsSoThatTheDeliveryIsQuarantined(string body, string message)
    {
        using LoadedPlugin plugin = Load();

        Should.Throw<FormatException>(() => Decode(plugin, body)).Message.ShouldBe(message);
    }

    [Fact]
    public void Decode_NotUtf8_Throws()
    {
        using LoadedPlugin plugin = Load();

        Should.Throw<DecoderFallbackException>(() => Decode(plugin, [(byte)'a', (byte)'\n', 0xFF, 0xFE, (byte)'\n']));
    }

    private static LoadedPlugin Load()
    {
        var bag = new DiagnosticBag();
        PluginFolder folder = PluginFolder.Find(BuiltPlugins.Connectors, "plugins", bag).Single(f => f.Name == "Sample");
        LoadedPlugin? plugin = PluginLoader.Load(folder, Dll, SourcePosition.None, bag);
        bag.Items.ShouldBeEmpty();
        return plugin.ShouldNotBeNull();
    }

    private static IReadOnlyList<JsonElement> Decode(LoadedPlugin plugin, string body) => Decode(plugin, Encoding.UTF8.GetBytes(body));

    private static IReadOnlyList<JsonElement> Decode(LoadedPlugin plugin, byte[] body) =>
        ((IDecodesDeliveries)plugin.Connector).Decode(new Delivery("POST", Nothing, Nothing, body, TimeProvider.System.GetUtcNow()), new LentHost());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndUnload()
    {
        using LoadedPlugin plugin = Load();
        Decode(plugin, "a\n1\n").Count.ShouldBe(1);
        return new WeakReference(AssemblyLoadContext.GetLoadContext(plugin.Connector.GetType().Assembly));
    }
}
