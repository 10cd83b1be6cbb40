namespace Aria.Pipelines.Faults.Campaigns.Model;

/// <summary>What may be asked of a store.</summary>
internal enum StoreWord
{
    Accept,
    Lease,
    Pass,
    SaveStep,
    Plan,
    Start,
    Begin,
    End,
    Park,
    Release,
    Claim,
    Read,
    NextDue,
}

/// <summary>One question with what it is about; the numbers mean something else to each word.</summary>
internal sealed record StoreOperation(StoreWord Word, int A, int B, int C);
