using Tastemaker.Data;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Solvers.FoldIn;

/// <summary>
/// The vector of someone whom training has not met: what the system's own loss makes of the mean user's vector when it is given the history, the items frozen.
/// The others are a fixed sample of the catalog, so that the same history gives the same vector. Where training is an SGD that passes so often over what a user
/// has, a short history moves the vector no further than it would have there. Thread-safe.
/// </summary>
/// <param name="items">q, a vector an item [items, dimension].</param>
/// <param name="biases">b, a number an item; empty where there are none.</param>
/// <param name="users">The vectors of the users of the training data [users, dimension], of which the mean is taken.</param>
/// <param name="dimension">Length of a vector.</param>
/// <param name="loss">The system's loss.</param>
internal sealed class FoldInSolver(float[] items, float[] biases, float[] users, int dimension, FoldInLoss loss)
{
    private const int LongestHistory = 200;
    private const int MostOthers = 400;
    private const int Steps = 60;
    private const ulong Seed = 20090618;

    private readonly int[] sample = Sample(items.Length / dimension);
    private readonly float[] start = Mean(users, dimension);
    private readonly double longest = LongestSquared(items, dimension);

    /// <summary>Writes the vector for a history.</summary>
    /// <param name="history">Items, oldest first; of long ones the newest 200 count.</param>
    /// <param name="time">How far gradient descent goes: the sum of its learning rates, as training would spend it on this history.</param>
    /// <param name="vector">Receives it.</param>
    public void Write(ReadOnlySpan<int> history, double time, Span<float> vector)
    {
        start.CopyTo(vector);
        int[] mine = [.. history.ToArray().Distinct()];
        var known = mine.ToHashSet();
        mine = mine.Length > LongestHistory ? mine[^LongestHistory..] : mine;
        int[] others = [.. sample.Where(item => !known.Contains(item))];
        if (mine.Length == 0 || others.Length == 0)
        {
            return;
        }

        var asked = loss.For(mine, others);
        if (asked.Curvature > 0)
        {
            Descend(asked, Rows(mine), Rows(others), time, vector);
        }
        else
        {
            Settle(asked, Rows(mine), Rows(others), vector);
        }
    }

    /// <summary>The vectors of requests [requests, dimension]: of known users as they are, of cold-start users by what <paramref name="fit"/> makes of their histories.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="known">Gives the vectors of users; asked for the first in place of a cold-start user.</param>
    /// <param name="fit">Made when a cold-start user first asks.</param>
    public static Tensor Rows(RequestBatch requests, Func<int[], Tensor> known, Lazy<FoldInSolver> fit)
    {
        var rows = known(Array.ConvertAll(requests.Users.ToArray(), user => Math.Max(user, 0)));
        for (var request = 0; request < requests.Count; request++)
        {
            if (requests.Users[request] < 0)
            {
                var vector = new float[rows.shape[1]];
                fit.Value.Write(requests.History(request), double.PositiveInfinity, vector);
                rows[request] = tensor(vector, device: rows.device);
            }
        }

        return rows;
    }

    // Nesterov's accelerated descent; k steps of size e go as far as a time of about e k^2 / 4.
    private void Descend(FoldInLoss asked, Side mine, Side others, double time, Span<float> vector)
    {
        var step = Math.Min(1 / ((asked.Curvature * longest) + asked.Penalty), time);
        var (gradient, before) = (new float[dimension], vector.ToArray());
        var ahead = vector.ToArray();
        for (var k = 0; k < Steps && step * k * k / 4 <= time; k++)
        {
            Gradient(asked, mine, others, ahead, gradient);
            var momentum = k / (k + 3f);
            for (var axis = 0; axis < dimension; axis++)
            {
                vector[axis] = ahead[axis] - ((float)step * gradient[axis]);
                ahead[axis] = vector[axis] + (momentum * (vector[axis] - before[axis]));
                before[axis] = vector[axis];
            }
        }
    }

    // Steps of falling length within the ball.
    private void Settle(FoldInLoss asked, Side mine, Side others, Span<float> vector)
    {
        var gradient = new float[dimension];
        for (var k = 0; k < Steps; k++)
        {
            Gradient(asked, mine, others, vector, gradient);
            var length = MathF.Sqrt(Vectors.Dot(gradient, gradient));
            if (length == 0)
            {
                return;
            }

            Vectors.AddScaled(vector, (float)(-asked.MaximumNorm / (2 * (k + 1) * length)), gradient);
            var norm = MathF.Sqrt(Vectors.Dot(vector, vector));
            if (norm > asked.MaximumNorm)
            {
                Vectors.AddScaled(vector, (float)(asked.MaximumNorm / norm) - 1, vector);
            }
        }
    }

    private static void Gradient(FoldInLoss asked, Side mine, Side others, ReadOnlySpan<float> vector, Span<float> gradient)
    {
        mine.Score(vector);
        others.Score(vector);
        asked.Weigh(mine.Scores, others.Scores, mine.Forces, others.Forces);
        gradient.Clear();
        Vectors.AddScaled(gradient, (float)asked.Penalty, vector);
        mine.AddForces(-1, gradient);
        others.AddForces(1, gradient);
    }

    private Side Rows(int[] rows) => new(items, biases, rows, dimension);

    private static int[] Sample(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new SeededRandom(Seed).Shuffle(order.AsSpan());
        return [.. order.Take(MostOthers).Order()];
    }

    private static float[] Mean(float[] table, int dimension)
    {
        var mean = new float[dimension];
        for (var row = 0; row < table.Length; row += dimension)
        {
            Vectors.AddScaled(mean, (float)dimension / table.Length, table.AsSpan(row, dimension));
        }

        return mean;
    }

    private static double LongestSquared(float[] table, int dimension)
    {
        var longest = 1e-12f;
        for (var row = 0; row < table.Length; row += dimension)
        {
            longest = Math.Max(longest, Vectors.Dot(table.AsSpan(row, dimension), table.AsSpan(row, dimension)));
        }

        return longest;
    }

    // Some items, with their scores and the forces they exert.
    private sealed class Side
    {
        private readonly float[] vectors;
        private readonly float[] biases;
        private readonly int dimension;

        public Side(float[] items, float[] biases, int[] rows, int dimension)
        {
            this.dimension = dimension;
            (vectors, Scores, Forces) = (new float[rows.Length * dimension], new float[rows.Length], new float[rows.Length]);
            for (var row = 0; row < rows.Length; row++)
            {
                items.AsSpan(rows[row] * dimension, dimension).CopyTo(vectors.AsSpan(row * dimension));
            }

            this.biases = biases.Length == 0 ? new float[rows.Length] : Array.ConvertAll(rows, row => biases[row]);
        }

        public float[] Scores { get; }

        public float[] Forces { get; }

        public void Score(ReadOnlySpan<float> user)
        {
            for (var row = 0; row < Scores.Length; row++)
            {
                Scores[row] = biases[row] + Vectors.Dot(user, vectors.AsSpan(row * dimension, dimension));
            }
        }

        public void AddForces(float factor, Span<float> gradient)
        {
            for (var row = 0; row < Forces.Length; row++)
            {
                Vectors.AddScaled(gradient, factor * Forces[row], vectors.AsSpan(row * dimension, dimension));
            }
        }
    }
}
