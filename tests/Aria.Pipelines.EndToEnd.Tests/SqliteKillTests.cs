namespace Aria.Pipelines.EndToEnd.Tests;

public sealed class SqliteKillTests() : KillContract("sqlite");
