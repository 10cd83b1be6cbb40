using System.Text;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class CaseNamesTests
{
    private const string Id = "01KE6P4YM02G6HWADT01MAR211";

    /// <summary>What is recorded with names is played with ids, byte for byte.</summary>
    [Theory]
    [InlineData("See the run of event 01KE6P4YM02G6HWADT01MAR211.", "<Content><base64:See the run of event <event>.></Content>")]
    [InlineData("A <b>note</b> of event 01KE6P4YM02G6HWADT01MAR211", null)]
    [InlineData("A \"note\" of event 01KE6P4YM02G6HWADT01MAR211", null)]
    [InlineData("Nothing in it names anything that is new.", null)]
    public void Content_InBase64_IsNamedAndReadBack(string content, string? expected)
    {
        string sent = $"<Content>{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}</Content>";
        CaseNames names = Names();

        string shown = names.ToNames(sent);

        shown.ShouldBe(expected ?? sent);
        names.ToIds(shown).ShouldBe(sent);
    }

    private static CaseNames Names()
    {
        string root = Connectors.Plugins.Root;
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(
            new EngineOptions { Workspace = Path.Combine(root, "pipelines"), Plugins = Path.Combine(root, "plugins") }, new MappingCompiler());
        using (installed)
        {
            var names = new CaseNames(workspace.Pipelines[0].Pipeline);
            names.Set(Id);
            return names;
        }
    }
}
