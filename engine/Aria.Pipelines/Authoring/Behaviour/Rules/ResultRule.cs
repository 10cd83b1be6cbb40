using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>The result of an interview is given in canonical values, and people can read where each part of it stands afterwards.</summary>
internal sealed class ResultRule() : BehaviourRule("CB09", "interview.write takes every part of a result, and says where each lands.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        if (!subject.Connector.Operations.TryGetValue("interview.write", out ConnectorOperation? write))
        {
            yield break;
        }
        var whole = new JsonObject { ["application_id"] = ApplicationId(subject) };
        foreach ((string name, JsonElement value) in RecruitingShapes.Result)
        {
            whole[name] = JsonNode.Parse(value.GetRawText());
            if (!write.Destinations.ContainsKey(name))
            {
                yield return Found(subject.At("operations", write.Name, "landsIn"), $"Nobody can tell where '{name}' lands.", $"Add it under \"landsIn\": \"{name}\": \"field\", \"note\", \"tag\", … or \"nowhere\".");
            }
        }
        foreach (var wrong in write.Input.Validate(JsonElement.Parse(whole.ToJsonString())).Where(f => f.InstancePointer != "/application_id"))
        {
            yield return Found(subject.At("operations", write.Name, "input"), $"interview.write refuses a whole result at '{wrong.InstancePointer}'. {wrong.Message}", "Its input is that of schemas/recruiting/interview-write.schema.json.");
        }
    }

    private static string ApplicationId(ConnectorSubject subject) =>
        SampleEvents.Of(subject).SelectMany(s => s.Good).SelectMany(d => d.Correlation).FirstOrDefault(c => c.Key == "application_id").Value ?? "1";
}
