using System.Text;
using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Definitions;

/// <summary>Which files a definition may consist of.</summary>
public sealed class DefinitionFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("aria-files-");

    // The last of the list describe objects of the file system, which have their own tests.
    public static TheoryData<string> Rejected => [.. Names("reject").Where(n => n is not ("hardlink" or "fifo" or "symlink -> /etc" or "dir named a.json"))];

    public static TheoryData<string> Accepted => [.. Names("accept")];

    private DefinitionFolder Folder => new(Path.Combine(_root.FullName, "invite"), "pipelines/invite");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Rejected))]
    public void Read_BadName_IsNotRead(string name)
    {
        Write("x.json");
        Write("../x.json");

        FileName.IsAllowed(name).ShouldBeFalse();
        Folder.Read(name).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    [InlineData("mappings/result.js")]
    public void Read_GoodName_IsRead(string name)
    {
        Write(name);

        Folder.Read(name).ShouldBe("{}"u8.ToArray());
    }

    [Fact]
    public void Read_FileIsALink_IsNotRead()
    {
        Write("../secret.json");
        Write("a.json");
        File.CreateSymbolicLink(PathOf("link.json"), PathOf("../secret.json"));

        Folder.Read("link.json").ShouldBeNull();
    }

    [Fact]
    public void Read_FolderOnTheWayIsALink_IsNotRead()
    {
        Write("../elsewhere/deep/secret.json");
        Write("a.json");
        Directory.CreateSymbolicLink(PathOf("link"), PathOf("../elsewhere"));

        Folder.Read("link/deep/secret.json").ShouldBeNull();
    }

    [Fact]
    public void Read_FolderOrPipeOrTooLarge_IsNotRead()
    {
        Directory.CreateDirectory(PathOf("folder.json"));
        File.WriteAllBytes(PathOf("large.json"), new byte[(1024 * 1024) + 1]);
        using (System.Diagnostics.Process make = System.Diagnostics.Process.Start("mkfifo", PathOf("pipe.json")))
        {
            make.WaitForExit();
        }

        Folder.Read("folder.json").ShouldBeNull();
        Folder.Read("large.json").ShouldBeNull();
        Folder.Read("pipe.json").ShouldBeNull();
    }

    [Fact]
    public void Bundle_EqualFiles_EqualHashWhereverTheyStand()
    {
        Write("pipeline.json", """{ "with": { "$file": "a.json" } }""");
        Write("a.json", """{ "x": { "$file": "b.scriban" } }""");
        Write("b.scriban", "{{ event.id }}");
        Write("unused.json", "1");
        DefinitionBundle bundle = DefinitionBundle.From(Folder, "pipelines/invite");

        DefinitionBundle again = DefinitionBundle.FromBytes("elsewhere", bundle.Bytes);

        (again.Hash, again.PathOf("a.json")).ShouldBe((bundle.Hash, "elsewhere/a.json"));
        again.Read("b.scriban").ShouldBe("{{ event.id }}"u8.ToArray());
        again.Read("unused.json").ShouldBeNull();
        Write("unused.json", "2");
        DefinitionBundle.From(Folder, "other").Hash.ShouldBe(bundle.Hash);
    }

    [Theory]
    [InlineData("pipeline.json", """{ "with": { "$file": "a.json" } } """)]
    [InlineData("a.json", """{ "x": { "$file": "b.scriban" }, "y": 1 }""")]
    [InlineData("b.scriban", "{{ event.type }}")]
    public void Bundle_AnyFileOfItChanges_AnotherHash(string name, string text)
    {
        Write("pipeline.json", """{ "with": { "$file": "a.json" } }""");
        Write("a.json", """{ "x": { "$file": "b.scriban" } }""");
        Write("b.scriban", "{{ event.id }}");
        string before = DefinitionBundle.From(Folder, "pipelines/invite").Hash;

        Write(name, text);

        DefinitionBundle.From(Folder, "pipelines/invite").Hash.ShouldNotBe(before);
    }

    [Theory]
    [InlineData("1ms", 1)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("14d", 1_209_600_000)]
    [InlineData("36500d", 3_153_600_000_000)]
    public void ParseDuration_Good_IsThatLong(string text, long milliseconds) =>
        JsonCursor.ParseDuration(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("5 s")]
    [InlineData("5s\n")]
    [InlineData("5w")]
    [InlineData("٥s")]
    [InlineData("36501d")]
    [InlineData("999999999h")]
    [InlineData("9999999999s")]
    public void ParseDuration_Bad_IsNone(string text) => JsonCursor.ParseDuration(text).ShouldBeNull();

    private static IEnumerable<string> Names(string list)
    {
        using var names = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Definitions/Vectors/file-names.json")));
        return [.. names.RootElement.GetProperty(list).EnumerateArray().Select(n => n.GetString()!)];
    }

    private string PathOf(string name) => Path.GetFullPath(Path.Combine(_root.FullName, "invite", name));

    private void Write(string name, string text = "{}")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        Directory.CreateDirectory(PathOf("."));
        File.WriteAllText(PathOf(name), text, new UTF8Encoding(false));
    }
}
