using BenchmarkDotNet.Attributes;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Bench.Generation;
using Tastemaker.Data;

namespace Tastemaker.Bench.Micro;

/// <summary>Drawing negatives, and filling the batches of an epoch of a million interactions (one thread, without training).</summary>
[Config(typeof(ShortJobs))]
public class SamplerBenchmarks
{
    private const int Draws = 1_000_000;
    private TrainingSet train = null!;
    private NegativeSampler uniform = null!;
    private NegativeSampler popular = null!;
    private PairwiseSource pairs = null!;
    private PointwiseSource points = null!;
    private UserRowSource rows = null!;

    [GlobalSetup]
    public void Setup()
    {
        train = GeneratedData.TrainingSet(GeneratedData.SmallShape);
        uniform = new NegativeSampler(train);
        popular = new NegativeSampler(train, 0.75);
        pairs = new PairwiseSource(train, 1024);
        points = new PointwiseSource(train, 1024, 4);
        rows = new UserRowSource(train.Seen, 500);
    }

    [Benchmark(OperationsPerInvoke = Draws)]
    public int UniformNegative() => Draw(uniform);

    [Benchmark(OperationsPerInvoke = Draws)]
    public int PopularNegative() => Draw(popular);

    [Benchmark]
    public int PairwiseEpoch() => Count(pairs);

    [Benchmark]
    public int PointwiseEpochWithFourNegatives() => Count(points);

    [Benchmark]
    public int UserRowEpoch() => Count(rows);

    private int Draw(NegativeSampler sampler)
    {
        var random = new SeededRandom(1);
        var sum = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            sampler.TryDraw(draw % train.UserCount, random, out var item);
            sum += item;
        }

        return sum;
    }

    private static int Count<TBatch>(IBatchSource<TBatch> source)
        where TBatch : Batch
    {
        var examples = 0;
        foreach (var batch in source.Epoch(new SeededRandom(1)))
        {
            examples += batch.Count;
            batch.Dispose();
        }

        return examples;
    }
}
