
namespace Tastemaker.Training;

/// <summary>An epoch of stochastic gradient descent example by example: reports progress and heeds cancellation every so many examples.</summary>
internal static class ExampleLoop
{
    private const int Chunk = 1 << 14;

    /// <summary>Steps (chunks of examples) in an epoch, for progress.</summary>
    public static int Steps(int examples) => Math.Max(1, (examples + Chunk - 1) / Chunk);

    /// <summary>Runs examples <c>0..examples-1</c> in turn and returns their mean loss.</summary>
    /// <param name="context">The epoch.</param>
    /// <param name="examples">How many.</param>
    /// <param name="learn">Learns from one and returns its loss before the update.</param>
    public static double Run(EpochContext context, int examples, Func<int, double> learn)
    {
        var total = 0.0;
        for (var first = 0; first < examples; first += Chunk)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(examples, first + Chunk);
            var loss = 0.0;
            for (var example = first; example < end; example++)
            {
                loss += learn(example);
            }

            total += loss;
            context.Step((first / Chunk) + 1, Steps(examples), loss / (end - first), end - first);
        }

        return total / Math.Max(1, examples);
    }
}
