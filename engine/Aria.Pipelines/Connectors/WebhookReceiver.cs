using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Verifies the raw bytes of deliveries, then decodes them; what cannot be decoded is quarantined, never lost.</summary>
internal sealed class WebhookReceiver(ConnectionSecrets secrets, ConnectorHosts hosts, TimeProvider time) : IWebhookReceiver
{
    public Reception Receive(Connection connection, Delivery delivery, string? token = null)
    {
        if (connection.Connector.Webhook is not { } webhook)
        {
            return new Reception(404, "no_webhook", [], 404);
        }
        DeliveryRefusal? refusal = webhook switch
        {
            { VerifiedByCode: true } => VerifyByCode(connection, delivery),
            { Signature: { } signature } => SignatureVerifier.Verify(signature, delivery, secrets.Values(connection, signature.SecretSetting), time.GetUtcNow()),
            { Jwt: { } jwt } => JwtVerifier.Verify(jwt, connection.Settings, delivery, secrets.Values(connection, jwt.SecretSetting), time.GetUtcNow()),
            { Token: { } place } => HookToken.Verify(HookToken.Find(place, delivery, token), secrets.Values(connection, place.Setting)),
            _ => new DeliveryRefusal(401, "unsigned"),
        };
        if (refusal is { } no)
        {
            if (no.IsForWantOfASecret && webhook.SecretSetting is { } setting)
            {
                secrets.Lacked(connection, setting);
            }
            return new Reception(no.Status, no.Code, [], webhook.AckStatus);
        }
        delivery = Unformed(webhook, delivery);
        return Decode(connection, webhook.Headers.Count > 0 ? delivery with { Body = DeliveryEnvelope.Wrap(delivery, webhook.Headers) } : delivery);
    }

    public Reception Decode(Connection connection, Delivery delivery)
    {
        if (connection.Connector.Webhook is not { } webhook)
        {
            return new Reception(404, "no_webhook", [], 404);
        }
        delivery = Unformed(webhook, delivery);
        if (webhook.Headers.Count > 0)
        {
            delivery = delivery with { Body = DeliveryEnvelope.WrapUnlessWrapped(delivery, webhook.Headers) };
        }
        return new Reception(null, null, webhook.DecodedByCode ? DecodeByCode(connection, delivery) : EventDecoder.Decode(connection, delivery.Body), webhook.AckStatus);
    }

    private static Delivery Unformed(WebhookDefinition webhook, Delivery delivery) =>
        webhook.Form is { } form && FormBody.Read(form, delivery.Body) is { } json ? delivery with { Body = json } : delivery;

    public IReadOnlyList<DecodedEvent> DecodeAgain(Connection connection, Delivery delivery)
    {
        if (connection.Connector.Webhook is not { } webhook)
        {
            return [EventDecoder.Quarantined(delivery.Body, "no_webhook")];
        }
        delivery = Unformed(webhook, delivery);
        if (webhook.DecodedByCode && DecodeByCode(connection, delivery) is { Count: > 0 } decoded && decoded.All(e => e.QuarantineCode is null))
        {
            return decoded;
        }
        return EventDecoder.DecodeStored(connection, webhook.Headers.Count > 0 ? DeliveryEnvelope.WrapUnlessWrapped(delivery, webhook.Headers) : delivery.Body);
    }

    public JsonElement Canonical(Connection connection, string type, string eventId, ReadOnlyMemory<byte> body, JsonElement? reads = null)
    {
        StrictJson json = StrictJson.Read(body);
        if (json.Code is { } code)
        {
            throw Failed(connection, type, code, "the stored body is not JSON");
        }
        JsonNode? canonical = new JsonObject();
        if (connection.Connector.Events.TryGetValue(type, out ConnectorEvent? definition))
        {
            canonical = definition.Canonical.Evaluate(new Dictionary<string, JsonElement> { ["payload"] = json.Root, ["settings"] = connection.Settings, ["reads"] = reads ?? ConnectorJson.Null });
        }
        if (canonical is not JsonObject members)
        {
            throw Failed(connection, type, "canonical_not_object", "its canonical mapping does not give an object");
        }
        return JsonScratch.ToElement((Members: members, Type: type, Id: eventId, Payload: json.Root), Write);
    }

    private static void Write(Utf8JsonWriter writer, (JsonObject Members, string Type, string Id, JsonElement Payload) canonical)
    {
        writer.WriteStartObject();
        foreach ((string name, JsonNode? value) in canonical.Members)
        {
            if (name is not ("type" or "id" or "raw"))
            {
                writer.WritePropertyName(name);
                ConnectorJson.Write(writer, value);
            }
        }
        writer.WriteString("type", canonical.Type);
        writer.WriteString("id", canonical.Id);
        writer.WritePropertyName("raw");
        // The payload is copied as it came: it is most of the event, and was checked when it was parsed.
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(canonical.Payload), skipInputValidation: true);
        writer.WriteEndObject();
    }

    private DeliveryRefusal? VerifyByCode(Connection connection, Delivery delivery)
    {
        ConnectorHost host = hosts.For(connection);
        DeliveryRefusal? refusal = null;
        try
        {
            if (!connection.Connector.Calls.Run(() => ((IVerifiesDeliveries)connection.Connector.Code!).Verify(delivery, host)))
            {
                refusal = new DeliveryRefusal(401, "signature_invalid");
            }
        }
        catch (Exception e)
        {
            hosts.Failed(connection, nameof(IVerifiesDeliveries.Verify), e);
            refusal = new DeliveryRefusal(500, "connector_failed");
        }
        if (refusal is not null && host.Lacking is { } setting)
        {
            secrets.Lacked(connection, setting);
        }
        return refusal;
    }

    private IReadOnlyList<DecodedEvent> DecodeByCode(Connection connection, Delivery delivery)
    {
        try
        {
            IReadOnlyList<JsonElement> values = connection.Connector.Calls.Run(() => ((IDecodesDeliveries)connection.Connector.Code!).Decode(delivery, hosts.For(connection)));
            return [.. values.SelectMany(v => EventDecoder.Decode(connection, ConnectorJson.RawBytes(v)))];
        }
        catch (Exception e)
        {
            hosts.Failed(connection, nameof(IDecodesDeliveries.Decode), e);
            return [EventDecoder.Quarantined(delivery.Body, "connector_failed")];
        }
    }

    private static MappingException Failed(Connection connection, string type, string code, string why) =>
        new(new Diagnostic(code, DiagnosticSeverity.Error, $"Event '{type}' of connector '{connection.Connector.Name}' has no canonical form: {why}.", "", null, null, null, DiagnosticFault.Connector));
}
