namespace InviteHub.EventStore.Audit;

/// <summary>How far the verification of all streams has come, and what it found since it last said so.</summary>
/// <param name="UpTo">The last stream that was looked at; pass it in to go on from there.</param>
/// <param name="Streams">How many streams were looked at since.</param>
/// <param name="Events">How many events they have.</param>
/// <param name="Broken">Those whose chain does not hold.</param>
public sealed record ChainProgress(StreamId UpTo, int Streams, long Events, IReadOnlyList<BrokenChain> Broken);

/// <summary>A stream that is not as it was appended.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The first version that was changed, removed, reordered or put in; what its row says when its tail was cut off.</param>
public sealed record BrokenChain(StreamId Stream, long Version);
