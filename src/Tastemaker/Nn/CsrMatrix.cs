using System.Numerics;
using Tastemaker.Batches;
using Tastemaker.Data;
using static Tastemaker.Native.TensorMemory;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Tastemaker.Nn;

/// <summary>
/// A sparse matrix of constants that multiplies tables of vectors: the adjacency of a graph. Differentiable by the table, also by its transpose. On the CPU by a kernel of
/// its own, elsewhere by gathering and adding; results do not depend on the number of threads.
/// </summary>
public sealed class CsrMatrix : IDisposable
{
    private const long BlockNumbers = 8 << 20; // gathered at once where there is no kernel: 32 MiB of float32

    private readonly SparseRows rows;
    private readonly float[] weights;
    private readonly Lazy<CsrMatrix> transpose;
    private (Tensor Owners, Tensor Columns, Tensor Weights)? entries; // where there is no kernel: one per entry [nnz]

    /// <summary>A matrix.</summary>
    /// <param name="rows">The columns of each row's entries.</param>
    /// <param name="weights">The entries, as <paramref name="rows"/> has them.</param>
    public CsrMatrix(SparseRows rows, float[] weights)
        : this(rows, weights, null)
    {
    }

    private CsrMatrix(SparseRows rows, float[] weights, CsrMatrix? of)
    {
        (this.rows, this.weights) = (rows, weights);
        transpose = new(() => of ?? Turned());
    }

    /// <summary>
    /// The matrix with 1 / sqrt(entries of the row x entries of the column) at each entry: the upper right block of D^-1/2 A D^-1/2, where A is the adjacency matrix of a bipartite graph.
    /// </summary>
    /// <param name="rows">The columns of each row's entries, distinct.</param>
    public static CsrMatrix Normalized(SparseRows rows)
    {
        var degrees = rows.CountColumns();
        var weights = new float[rows.EntryCount];
        for (var row = 0; row < rows.RowCount; row++)
        {
            for (var entry = rows.Offsets[row]; entry < rows.Offsets[row + 1]; entry++)
            {
                weights[entry] = (float)(1 / Math.Sqrt((double)rows.Length(row) * degrees[rows.Columns[entry]]));
            }
        }

        return new CsrMatrix(rows, weights);
    }

    /// <summary>The transposed matrix; its own transpose is this one.</summary>
    public CsrMatrix Transpose => transpose.Value;

    /// <summary>Frees what products on accelerators keep, of the transpose too.</summary>
    public void Dispose()
    {
        foreach (var matrix in transpose.IsValueCreated ? [this, Transpose] : new[] { this })
        {
            if (matrix.entries is var (owners, columns, factors))
            {
                owners.Dispose();
                columns.Dispose();
                factors.Dispose();
                matrix.entries = null;
            }
        }
    }

    /// <summary>The product with a table: [rows, columns] x [columns, d] to [rows, d].</summary>
    public Tensor Times(Tensor table) => Product.apply(table, this);

    private CsrMatrix Turned()
    {
        var turned = new SparseRows(rows.Offsets.ToArray(), rows.Columns.ToArray(), rows.ColumnCount, weights).Transpose();
        return new CsrMatrix(turned, turned.Values.ToArray(), this);
    }

    private Tensor Multiply(Tensor table)
    {
        using var grad = no_grad();
        var given = table.contiguous();
        var result = zeros([rows.RowCount, given.shape[1]], given.dtype, given.device);
        if (given.device_type is TorchSharp.DeviceType.CPU && given.dtype is ScalarType.Float32)
        {
            Fill(given, result);
            return result;
        }

        var (owners, columns, factors) = entries ??= Entries(given.device);
        var size = Math.Max(1, BlockNumbers / given.shape[1]);
        for (long first = 0; first < rows.EntryCount; first += size)
        {
            using var block = NewDisposeScope();
            var count = Math.Min(size, rows.EntryCount - first);
            result.AddRows(owners.narrow(0, first, count), given.index_select(0, columns.narrow(0, first, count)) * factors.narrow(0, first, count).unsqueeze(1).to(given.dtype));
        }

        return result;
    }

    private (Tensor Owners, Tensor Columns, Tensor Weights) Entries(Device device)
    {
        using var scope = NewDisposeScope();
        return (
            RowIndices.Of(tensor(rows.Offsets.ToArray(), device: device), rows.EntryCount).DetachFromDisposeScope(),
            tensor(rows.Columns.ToArray(), device: device).to(int64).DetachFromDisposeScope(),
            tensor(weights, device: device).DetachFromDisposeScope());
    }

    private unsafe void Fill(Tensor table, Tensor result)
    {
        var width = (int)table.shape[1];
        var source = (nint)Address(table);
        var target = (nint)Address(result);
        var parts = rows.EntryCount * (long)width < 1 << 16 ? 1 : 8 * get_num_threads(); // many small parts: rows of a graph are of very unlike length
        if (parts == 1)
        {
            Run(0, rows.RowCount);
        }
        else
        {
            Parallel.For(0, parts, Parallelism.Loop(get_num_threads()), part => Run(RowAt((long)rows.EntryCount * part / parts), part == parts - 1 ? rows.RowCount : RowAt((long)rows.EntryCount * (part + 1) / parts)));
        }

        GC.KeepAlive(table);
        GC.KeepAlive(result);

        void Run(int first, int end)
        {
            var offsets = rows.Offsets;
            var columns = rows.Columns;
            for (var row = first; row < end; row++)
            {
                var into = (float*)target + ((long)row * width);
                for (var entry = offsets[row]; entry < offsets[row + 1]; entry++)
                {
                    Add(weights[entry], (float*)source + ((long)columns[entry] * width), into, width);
                }
            }
        }
    }

    // The first row whose entries begin at a number of entries or later.
    private int RowAt(long entries)
    {
        var place = rows.Offsets.BinarySearch((int)entries);
        if (place < 0)
        {
            return ~place;
        }

        while (place > 0 && rows.Offsets[place - 1] == entries)
        {
            place--; // rows without entries belong to the part that begins there
        }

        return place;
    }

    private static unsafe void Add(float factor, float* source, float* target, int width)
    {
        var factors = new Vector<float>(factor);
        var number = 0;
        for (; number <= width - Vector<float>.Count; number += Vector<float>.Count)
        {
            Vector.Store(Vector.FusedMultiplyAdd(factors, Vector.Load(source + number), Vector.Load(target + number)), target + number);
        }

        for (; number < width; number++)
        {
            target[number] = float.FusedMultiplyAdd(factor, source[number], target[number]);
        }
    }

    private sealed class Product : SingleTensorFunction<Product>
    {
        public override string Name => nameof(Product);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var matrix = (CsrMatrix)vars[1];
            ctx.save_data("matrix", matrix);
            return matrix.Multiply((Tensor)vars[0]);
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [((CsrMatrix)ctx.get_data("matrix")).Transpose.Multiply(grad_output), null!];
    }
}
