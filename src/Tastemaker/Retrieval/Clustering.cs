using Tastemaker.Data;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Retrieval;

/// <summary>
/// K-means: divides vectors among centres, each to the nearest. Distances are taken as inner products with packed centres, blocks of vectors at a
/// time; sums are added in the order of the vectors, so nothing depends on the number of threads.
/// </summary>
internal sealed class Clustering(int dimension, ParallelOptions parallel)
{
    private const int BlockRows = 48;

    /// <summary>Centres of vectors [rows, dimension], at most as many as rows: [centres, dimension].</summary>
    public float[] Centres(float[] vectors, int count, int passes, SeededRandom random, Action<double> progress)
    {
        var rows = vectors.Length / dimension;
        int[] order = [.. Enumerable.Range(0, rows)];
        random.Shuffle(order.AsSpan());
        var centres = new float[count * dimension];
        for (var centre = 0; centre < count; centre++)
        {
            Row(vectors, order[centre]).CopyTo(Row(centres, centre));
        }

        for (var pass = 0; pass < passes; pass++)
        {
            Move(centres, vectors, Assign(vectors, centres), random);
            progress((pass + 1.0) / passes);
        }

        return centres;
    }

    /// <summary>The nearest centre of each vector; of several, the first.</summary>
    public int[] Assign(float[] vectors, float[] centres, Action<double>? progress = null)
    {
        var (rows, count) = (vectors.Length / dimension, centres.Length / dimension);
        var packed = new PackedVectors(centres, dimension, Halves(centres));
        var nearest = new int[rows];
        var (done, blocks) = (0, (rows + BlockRows - 1) / BlockRows);
        Parallel.For(0, blocks, parallel, () => new float[BlockRows * count], (block, _, scores) =>
        {
            var first = block * BlockRows;
            AssignBlock(packed, vectors, nearest.AsSpan(first, Math.Min(BlockRows, rows - first)), first, scores);
            if (Interlocked.Increment(ref done) is var so && so % 1024 == 0)
            {
                progress?.Invoke((double)so / blocks);
            }

            return scores;
        }, _ => { });
        return nearest;
    }

    /// <summary>A row a centre: the vectors that are nearest to it, ascending.</summary>
    public static SparseRows Members(int[] nearest, int centres)
    {
        var offsets = new int[nearest.Length + 1];
        for (var row = 0; row < offsets.Length; row++)
        {
            offsets[row] = row;
        }

        return new SparseRows(offsets, nearest, centres).Transpose();
    }

    // |x - c|^2 is least where x . c - |c|^2 / 2 is greatest.
    private float[] Halves(float[] centres)
    {
        var halves = new float[centres.Length / dimension];
        for (var centre = 0; centre < halves.Length; centre++)
        {
            halves[centre] = Vectors.Dot(Row(centres, centre), Row(centres, centre)) / -2;
        }

        return halves;
    }

    private unsafe void AssignBlock(PackedVectors centres, float[] vectors, Span<int> nearest, int first, float[] scores)
    {
        fixed (float* target = scores)
        {
            centres.Multiply(vectors.AsSpan(first * dimension, nearest.Length * dimension), stackalloc float[nearest.Length], 0, centres.Count, target, centres.Count);
        }

        Span<int> best = stackalloc int[1];
        Span<float> value = stackalloc float[1];
        for (var row = 0; row < nearest.Length; row++)
        {
            TopK.Select(scores.AsSpan(row * centres.Count, centres.Count), best, value);
            nearest[row] = best[0];
        }
    }

    // Each centre becomes the mean of its vectors; one without any takes a vector of the centre that has most.
    private void Move(float[] centres, float[] vectors, int[] nearest, SeededRandom random)
    {
        var members = Members(nearest, centres.Length / dimension);
        Parallel.For(0, members.RowCount, parallel, centre => Mean(vectors, members[centre], Row(centres, centre)));
        var (largest, empty) = (Enumerable.Range(0, members.RowCount).MaxBy(members.Length), Enumerable.Range(0, members.RowCount).Where(centre => members.Length(centre) == 0));
        foreach (var centre in empty)
        {
            Row(vectors, members[largest][random.Next(members.Length(largest))]).CopyTo(Row(centres, centre));
        }
    }

    /// <summary>The mean of some vectors; of none, what was there.</summary>
    public void Mean(float[] vectors, ReadOnlySpan<int> rows, Span<float> mean)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        mean.Clear();
        foreach (var row in rows)
        {
            Vectors.AddScaled(mean, 1, Row(vectors, row));
        }

        foreach (ref var number in mean)
        {
            number /= rows.Length;
        }
    }

    private Span<float> Row(float[] table, int row) => table.AsSpan(row * dimension, dimension);
}
