using System.Numerics;
using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>The features X of users or items, a row each, sparse as they come or dense as a layer gave them, and the few products that closed forms need.</summary>
internal sealed class FeatureMatrix : IDisposable
{
    private readonly SparseRows? sparse;
    private readonly Tensor? dense;

    /// <summary>Sparse features.</summary>
    public FeatureMatrix(SparseRows rows) => (sparse, Count, Width) = (rows, rows.RowCount, rows.ColumnCount);

    /// <summary>Dense features [rows, p]; owned.</summary>
    public FeatureMatrix(Tensor rows) => (dense, Count, Width) = (rows, (int)rows.shape[0], (int)rows.shape[1]);

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Number of features, p.</summary>
    public int Width { get; }

    /// <summary>S = sum of weight x x^T over the rows [p, p].</summary>
    /// <param name="weights">One a row; empty for 1.</param>
    /// <param name="type">Single or double precision.</param>
    public Tensor Gram(float[] weights, ScalarType type)
    {
        if (dense is null)
        {
            return type == ScalarType.Float64 ? tensor(Gram<double>(weights), [Width, Width]) : tensor(Gram<float>(weights), [Width, Width]);
        }

        var rows = dense.to(type);
        return rows.t().matmul(weights.Length == 0 ? rows : rows * tensor(weights).to(type).unsqueeze(1));
    }

    /// <summary>sum of weight x u^T over the rows [p, d].</summary>
    public Tensor Times(float[] weights, float[] vectors, int dimension, ScalarType type)
    {
        if (dense is not null)
        {
            var u = tensor(vectors, [Count, dimension]);
            return dense.t().matmul(weights.Length == 0 ? u : u * tensor(weights).unsqueeze(1)).to(type);
        }

        var sums = new float[Width * dimension];
        for (var row = 0; row < Count; row++)
        {
            var columns = sparse![row];
            var values = sparse.RowValues(row);
            for (var entry = 0; entry < columns.Length; entry++)
            {
                Vectors.AddScaled(
                    sums.AsSpan(columns[entry] * dimension, dimension), values[entry] * (weights.Length == 0 ? 1 : weights[row]), vectors.AsSpan(row * dimension, dimension));
            }
        }

        return tensor(sums, [Width, dimension]).to(type);
    }

    /// <summary>M x of every row.</summary>
    /// <param name="map">M^T [p, k].</param>
    /// <returns>[rows, k], in single precision.</returns>
    public Tensor Map(Tensor map)
    {
        if (dense is not null)
        {
            return dense.matmul(map.to(ScalarType.Float32));
        }

        var width = (int)map.shape[1];
        float[] table = map.to(ScalarType.Float32).ToValues<float>();
        var mapped = new float[(long)Count * width];
        Parallel.For(0, Count, Parallelism.Loop(), row =>
        {
            var columns = sparse![row];
            var values = sparse.RowValues(row);
            for (var entry = 0; entry < columns.Length; entry++)
            {
                Vectors.AddScaled(mapped.AsSpan(row * width, width), values[entry], table.AsSpan(columns[entry] * width, width));
            }
        });
        return tensor(mapped, [Count, width]);
    }

    /// <inheritdoc/>
    public void Dispose() => dense?.Dispose();

    private T[] Gram<T>(float[] weights)
        where T : struct, INumber<T>
    {
        var sums = new T[(long)Width * Width];
        for (var row = 0; row < Count; row++)
        {
            var columns = sparse![row];
            var values = sparse.RowValues(row);
            for (var left = 0; left < columns.Length; left++)
            {
                var value = T.CreateChecked(values[left] * (weights.Length == 0 ? 1 : weights[row]));
                var target = sums.AsSpan(columns[left] * Width, Width);
                for (var right = 0; right < columns.Length; right++)
                {
                    target[columns[right]] += value * T.CreateChecked(values[right]);
                }
            }
        }

        return sums;
    }
}
