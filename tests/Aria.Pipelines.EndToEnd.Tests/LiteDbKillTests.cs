namespace Aria.Pipelines.EndToEnd.Tests;

public sealed class LiteDbKillTests() : KillContract("litedb");
