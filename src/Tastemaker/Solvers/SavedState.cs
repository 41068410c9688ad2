using Tastemaker.Data;
using Tastemaker.Native;
using static TorchSharp.torch;

namespace Tastemaker.Solvers;

/// <summary>Managed arrays to saved tensors and back, for models that do their own arithmetic.</summary>
internal static class SavedState
{
    /// <summary>A copy of a saved float tensor of the given shape, row-major.</summary>
    /// <exception cref="InputException">It is missing or has another shape.</exception>
    public static float[] Floats(this IReadOnlyDictionary<string, Tensor> state, string key, params ReadOnlySpan<long> shape)
    {
        // A scope rather than using: a conversion that has nothing to do may hand back the caller's own tensor.
        using var scope = NewDisposeScope();
        return Find(state, key, shape).to(ScalarType.Float32).ToValues<float>();
    }

    /// <summary>Saves a sparse matrix under names that begin with <paramref name="name"/>.</summary>
    public static void AddRows(this Dictionary<string, Tensor> state, string name, SparseRows rows)
    {
        state[$"{name}.offsets"] = tensor(rows.Offsets.ToArray());
        state[$"{name}.columns"] = tensor(rows.Columns.ToArray());
        if (rows.HasValues)
        {
            state[$"{name}.values"] = tensor(rows.Values.ToArray());
        }
    }

    /// <summary>Reads a sparse matrix saved by <see cref="AddRows"/>.</summary>
    /// <exception cref="InputException">It is missing or has another number of rows.</exception>
    public static SparseRows Rows(this IReadOnlyDictionary<string, Tensor> state, string name, int rowCount, int columnCount)
    {
        var offsets = Ints(state, $"{name}.offsets", rowCount + 1);
        var columns = Ints(state, $"{name}.columns", offsets[^1]);
        var values = state.ContainsKey($"{name}.values") ? state.Floats($"{name}.values", columns.Length) : null;
        return new SparseRows(offsets, columns, columnCount, values);
    }

    private static int[] Ints(IReadOnlyDictionary<string, Tensor> state, string key, long length)
    {
        using var scope = NewDisposeScope();
        return Find(state, key, [length]).to(ScalarType.Int32).ToValues<int>();
    }

    private static Tensor Find(IReadOnlyDictionary<string, Tensor> state, string key, ReadOnlySpan<long> shape) =>
        state.TryGetValue(key, out var tensor) && tensor.shape.AsSpan().SequenceEqual(shape)
            ? tensor
            : throw new InputException(
                $"The saved model has no weights '{key}' of shape [{string.Join(", ", shape.ToArray())}]; it was made with other options or another version.");
}
