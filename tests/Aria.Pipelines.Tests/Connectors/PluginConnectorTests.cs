using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The connectors of this repository as read from their folders.</summary>
public sealed class PluginConnectorTests
{
    [Fact]
    public void Greenhouse_Folder_HasItsEventsAndOperations()
    {
        string[] constructed = ["candidate.updated", "candidate.merged", "offer.approved", "offer.updated", "job.deleted", "job_post.deleted", "scorecard.deleted", "department.deleted"];
        Plugins.Greenhouse.Events.Count.ShouldBe(29);
        Plugins.Greenhouse.Events.Values.Where(e => e.Samples.Single().Constructed).Select(e => e.Type).ShouldBe(constructed);
        Plugins.Greenhouse.Operations.Values.Select(o => (o.Name, o.Effect)).ShouldBe(
            [("application.get", EffectClass.Read), ("interview.write", EffectClass.Idempotent), ("stage.move", EffectClass.Lookup), ("note.add", EffectClass.Lookup)]);
        Plugins.Greenhouse.Http.AuthSecrets.ShouldBe(["clientId", "clientSecret"]);
    }

    [Theory]
    [InlineData("{}", EffectClass.Lookup)]
    [InlineData("""{"creation":"keyed"}""", EffectClass.Keyed)]
    public void Aria_Creation_FollowsTheSetting(string settings, object expected) =>
        Plugins.Aria.Operations["interview.create"].EffectFor(Plugins.Connect(Plugins.Aria, settings)).ShouldBe((EffectClass)expected);

    [Fact]
    public void Operations_OfAllConnectors_PlanOfflineWithTheirSamples()
    {
        using var rig = new ConnectorRig();
        (Connector Connector, string Operation, string Input)[] plans =
        [
            (Plugins.Greenhouse, "application.get", """{"application_id":"265277"}"""),
            (Plugins.Greenhouse, "interview.write", """{"application_id":"265277","status":"completed","score":8.25,"recommendation":"advance","transcript_url":"https://t.example/1"}"""),
            (Plugins.Greenhouse, "note.add", """{"application_id":"265277","text":"Hello"}"""),
            (Plugins.Aria, "interview.create", """{"candidate":{"email":"jane.doe@example.com","name":"Jane Doe"},"job_id":"job_abc123","interview_kit_id":"kit_xyz789"}"""),
            (Plugins.Aria, "interview.get", """{"interview_id":"int_456def"}"""),
        ];
        foreach ((Connector connector, string name, string input) in plans)
        {
            string settings = connector == Plugins.Greenhouse ? """{"noteUserId":"10"}""" : "{}";
            Preparation plan = rig.Client.PrepareOffline(Plugins.Connect(connector, settings), connector.Operations[name], JsonElement.Parse(input), "key-1");
            plan.Problem.ShouldBeNull(name);
            plan.Frozen.ShouldNotBeNull(name);
        }
        rig.Budgets.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task ApplicationGet_OfSamples_GivesItsDeclaredSample()
    {
        using var rig = new ConnectorRig();
        ConnectorOperation operation = Plugins.Greenhouse.Operations["application.get"];
        Connection connection = Plugins.Connect(Plugins.Greenhouse);
        JsonElement input = JsonElement.Parse("""{"application_id":"265277"}""");
        Preparation plan = rig.Client.PrepareOffline(connection, operation, input, "key-1");
        OperationAnswer answer = await rig.Client.SendAsync(connection, operation, input, plan.Frozen!, null, TestContext.Current.CancellationToken);
        JsonElement.DeepEquals(answer.Output!.Value, operation.Sample).ShouldBeTrue(answer.Output.Value.GetRawText());
    }

    [Fact]
    public void Events_OfAllConnectors_HaveSamplesThatDecode()
    {
        using var rig = new ConnectorRig();
        foreach (Connector connector in (Connector[])[Plugins.Greenhouse, Plugins.Aria])
        {
            Connection connection = Plugins.Connect(connector);
            foreach (ConnectorEvent definition in connector.Events.Values)
            {
                DecodedEvent decoded = EventDecoder.Decode(Plugins.Connect(connector), definition.Samples[0].Body).ShouldHaveSingleItem();
                decoded.Type.ShouldBe(definition.Type);
                decoded.QuarantineCode.ShouldBeNull();
                rig.Receiver.Canonical(connection, decoded.Type, "evt-1", decoded.Body).GetProperty("id").GetString().ShouldBe("evt-1");
            }
        }
    }
}
