namespace Aria.Pipelines.Store;

/// <summary>A row of the <see cref="AuditChain"/> as it is kept.</summary>
internal sealed record AuditChainRow(long Number, byte[] Previous, byte[] Sealed, byte[] Mac);
