using Aria.Pipelines.ConnectorContract;

namespace Aria.Pipelines.Plugins.Tests.Contract;

public sealed class AriaContract() : ConnectorBehaviour("plugins/Aria");

public sealed class GreenhouseContract() : ConnectorBehaviour("plugins/Greenhouse");

public sealed class ICimsContract() : ConnectorBehaviour("plugins/ICims");

public sealed class LeverContract() : ConnectorBehaviour("plugins/Lever");

public sealed class SampleContract() : ConnectorBehaviour("plugins/Sample");

public sealed class SmartRecruitersContract() : ConnectorBehaviour("plugins/SmartRecruiters");

public sealed class WorkdayContract() : ConnectorBehaviour("plugins/Workday");

/// <summary>An invented ATS that speaks JSON:API.</summary>
public sealed class OrchardContract() : ConnectorBehaviour("tests/Aria.Pipelines.Tests/Ingress/Systems/Orchard");

/// <summary>An invented ATS whose every call is a POST.</summary>
public sealed class RelayContract() : ConnectorBehaviour("tests/Aria.Pipelines.Tests/Ingress/Systems/Relay");
