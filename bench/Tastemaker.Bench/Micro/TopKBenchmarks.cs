using BenchmarkDotNet.Attributes;
using Tastemaker.Data;
using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Bench.Micro;

/// <summary>Selecting the best items of one request: ours, against sorting all scores and against a heap.</summary>
[Config(typeof(ShortJobs))]
public class TopKBenchmarks
{
    private float[] scores = [];
    private int[] best = [];
    private float[] values = [];

    [Params(3_700, 26_744)]
    public int Items { get; set; }

    [Params(10, 100)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(1);
        scores = [.. Enumerable.Range(0, Items).Select(_ => (float)random.NextGaussian())];
        (best, values) = (new int[K], new float[K]);
    }

    [Benchmark]
    public int Select() => TopK.Select(scores, best, values);

    [Benchmark]
    public int PriorityQueue()
    {
        var queue = new PriorityQueue<int, float>(K + 1);
        for (var item = 0; item < scores.Length; item++)
        {
            if (queue.Count < K)
            {
                queue.Enqueue(item, scores[item]);
            }
            else
            {
                queue.EnqueueDequeue(item, scores[item]);
            }
        }

        return queue.Count;
    }

    [Benchmark(Baseline = true)]
    public int SortAll()
    {
        int[] items = [.. Enumerable.Range(0, scores.Length)];
        float[] keys = [.. scores];
        Array.Sort(keys, items);
        return items[^1];
    }
}
