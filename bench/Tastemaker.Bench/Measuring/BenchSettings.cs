namespace Tastemaker.Bench.Measuring;

/// <summary>How long a run takes its measurements.</summary>
/// <param name="Epochs">Epochs to train a system; the first does not count where there are more.</param>
/// <param name="Seconds">After so many seconds of training, no further epoch of a system begins.</param>
/// <param name="Requests">Most test requests to rank; 0 for all.</param>
/// <param name="Seed">Seed of split and training.</param>
/// <param name="Threads">Threads; 0 for all cores.</param>
internal sealed record BenchSettings(int Epochs, double Seconds, int Requests, ulong Seed, int Threads);
