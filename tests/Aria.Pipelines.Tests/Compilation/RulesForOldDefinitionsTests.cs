using Aria.Pipelines.Compilation;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Tests.Authoring;

namespace Aria.Pipelines.Tests.Compilation;

/// <summary>A run goes on with the definition it began with, even when a newer release finds more in it.</summary>
public sealed class RulesForOldDefinitionsTests
{
    [Fact]
    public void Definition_AcceptedBefore_IsNotHeldToRules()
    {
        var connections = new Dictionary<string, Connection> { ["desk"] = Tests.Connectors.Plugins.Connect(AuthoringCorpus.Installed["desk"], id: "desk") };
        var files = new DefinitionFolder(Path.Combine(AuthoringCorpus.Root, "bad", Case("when-typo"), "nudge"), "nudge");
        DefinitionBundle bundle = DefinitionBundle.From(files, "nudge");
        var now = new DiagnosticBag();
        var before = new DiagnosticBag();

        new PipelineCompiler(connections, new HashSet<string>(), new MappingCompiler(), new ConnectorShapes()).Compile("nudge", bundle, now).ShouldBeNull();
        new PipelineCompiler(connections, new HashSet<string>(), new MappingCompiler()).Compile("nudge", bundle, before).ShouldNotBeNull();

        now.Items.Select(d => d.Code).ShouldBe([RuleCodes.UnknownMember]);
        before.Items.ShouldBeEmpty();
    }

    [Fact]
    public void Definition_AcceptedBeforeWithMoreSteps_GoesOn()
    {
        var connections = new Dictionary<string, Connection> { ["greenhouse"] = Tests.Connectors.Plugins.Connect(Tests.Connectors.Plugins.Greenhouse, id: "greenhouse") };
        DefinitionBundle bundle = DefinitionBundle.From(new DefinitionFolder(Path.Combine(AuthoringCorpus.Root, "bad", Case("steps-by-the-hundred"), "hired"), "hired"), "hired");
        var before = new DiagnosticBag();

        Pipeline? pipeline = new PipelineCompiler(connections, new HashSet<string>(), new MappingCompiler()).Compile("hired", bundle, before);

        before.Items.ShouldBeEmpty();
        pipeline.ShouldNotBeNull().Steps.Count.ShouldBe(PipelineCompiler.MaxSteps + 1);
    }

    private static string Case(string name) => AuthoringCorpus.Cases("bad").Single(c => c.EndsWith(name, StringComparison.Ordinal) && c.Length == name.Length + 4);
}
