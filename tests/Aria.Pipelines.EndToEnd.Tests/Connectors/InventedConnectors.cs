using Aria.Pipelines.ConnectorContract;

namespace Aria.Pipelines.EndToEnd.Tests.Connectors;

// One line for each connector that tests made up, or wrote from public documentation alone.
public sealed class OrchardBehaviour() : ConnectorSystemBehaviour(InventedStand.Folder("Orchard"), InventedStand.OrchardAsync);

public sealed class RelayBehaviour() : ConnectorSystemBehaviour(InventedStand.Folder("Relay"), InventedStand.RelayAsync);

public sealed class RelayThatSendsBehaviour() : ConnectorSystemBehaviour(InventedStand.Folder("Relay"), InventedStand.RelayThatSendsAsync);

public sealed class TalentLyftBehaviour() : ConnectorBehaviour(InventedStand.Folder("TalentLyft"));

public sealed class CatsBehaviour() : ConnectorSystemBehaviour(InventedStand.Folder("Cats"), InventedStand.CatsAsync);

public sealed class CatsThatSendsBehaviour() : ConnectorSystemBehaviour(InventedStand.Folder("Cats"), InventedStand.CatsThatSendsAsync);
