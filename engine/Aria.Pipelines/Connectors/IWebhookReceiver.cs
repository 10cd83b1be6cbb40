using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Verifies and decodes deliveries, without storing anything.</summary>
internal interface IWebhookReceiver
{
    /// <summary>Verifies the raw bytes, splits and decodes.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="delivery">What came.</param>
    /// <param name="token">The token in its URL; null when there was none.</param>
    Reception Receive(Connection connection, Delivery delivery, string? token = null);

    /// <summary>Decodes without verifying: for plans.</summary>
    Reception Decode(Connection connection, Delivery delivery);

    /// <summary>Decodes bytes that are stored: a whole body, or one item of a body that was split.</summary>
    IReadOnlyList<DecodedEvent> DecodeAgain(Connection connection, Delivery delivery);

    /// <summary>The event as pipelines see it: canonical members, then <c>type</c>, <c>id</c> and the vendor's payload under <c>raw</c>.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="type">Type of the event.</param>
    /// <param name="eventId">Its id.</param>
    /// <param name="body">The stored payload.</param>
    /// <param name="reads">What completes it, by read id; null for an event that is complete.</param>
    /// <exception cref="Aria.Pipelines.Mapping.MappingException">The connector's mapping failed.</exception>
    JsonElement Canonical(Connection connection, string type, string eventId, ReadOnlyMemory<byte> body, JsonElement? reads = null);
}

/// <summary>What a delivery turned out to be.</summary>
/// <param name="RejectStatus">HTTP status to refuse it with; null when it is authentic.</param>
/// <param name="RejectCode">Code of the refusal.</param>
/// <param name="Events">Its events; a body that cannot be decoded is one event with <see cref="DecodedEvent.QuarantineCode"/>.</param>
/// <param name="AckStatus">HTTP status that tells the sender it was accepted.</param>
internal sealed record Reception(int? RejectStatus, string? RejectCode, IReadOnlyList<DecodedEvent> Events, int AckStatus);

/// <summary>One event of a delivery.</summary>
/// <param name="Type">The connector's event type; <c>raw.&lt;wire type&gt;</c> for a wire type it does not describe; empty when quarantined.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="DedupeKey">Signed content that identifies it.</param>
/// <param name="Correlation">Correlation keys and values.</param>
/// <param name="Body">Its raw bytes, as sent.</param>
/// <param name="QuarantineCode">Why it cannot be decoded; null for a good one.</param>
/// <param name="KeyIsId">True when the dedupe key is one value that the sender gave, and not the body or several values.</param>
internal sealed record DecodedEvent(
    string Type,
    string Subject,
    byte[] DedupeKey,
    IReadOnlyList<KeyValuePair<string, string>> Correlation,
    byte[] Body,
    string? QuarantineCode,
    bool KeyIsId = false);
