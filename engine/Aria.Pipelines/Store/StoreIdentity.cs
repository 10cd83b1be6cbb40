namespace Aria.Pipelines.Store;

/// <summary>Whose data a store serves: one tenant in one environment.</summary>
internal sealed record StoreIdentity(string Tenant, string Environment);
