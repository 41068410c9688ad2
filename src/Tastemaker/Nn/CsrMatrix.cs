using System.Numerics;
using System.Runtime.Intrinsics.X86;
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

    private readonly SparseRows rows; // with the entries as values
    private readonly Lazy<CsrMatrix> transpose;
    private (Tensor Owners, Tensor Columns, Tensor Weights)? entries; // where there is no kernel: one per entry [nnz]

    /// <summary>A matrix.</summary>
    /// <param name="rows">The columns of each row's entries.</param>
    /// <param name="weights">The entries, as <paramref name="rows"/> has them.</param>
    public CsrMatrix(SparseRows rows, float[] weights)
        : this(rows.WithValues(weights))
    {
    }

    /// <summary>A matrix whose entries are the values of its rows; nothing is copied.</summary>
    /// <param name="rows">Columns and values of each row's entries.</param>
    public CsrMatrix(SparseRows rows)
        : this(rows, of: null)
    {
    }

    private CsrMatrix(SparseRows rows, CsrMatrix? of)
    {
        if (!rows.HasValues)
        {
            throw new ArgumentException("The rows of a matrix need a value per entry.", nameof(rows));
        }

        this.rows = rows;
        transpose = new(() => of ?? new CsrMatrix(rows.Transpose(), this));
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
            tensor(rows.Values.ToArray(), device: device).DetachFromDisposeScope());
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
            var weights = rows.Values;
            for (var row = first; row < end; row++)
            {
                Sum(columns[offsets[row]..offsets[row + 1]], weights[offsets[row]..offsets[row + 1]], (float*)source, (float*)target + ((long)row * width), width);
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

    // A row of the product. Sums stay in registers over all entries, eight vectors of them at a time: 64 numbers where a vector holds 8.
    private static unsafe void Sum(ReadOnlySpan<int> columns, ReadOnlySpan<float> factors, float* source, float* into, int width)
    {
        const int Together = 8, Ahead = 8;
        var (lanes, number) = (Vector<float>.Count, 0);
        for (; number <= width - (Together * lanes); number += Together * lanes)
        {
            Vector<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
            for (var entry = 0; entry < columns.Length; entry++)
            {
                if (Sse.IsSupported && entry + Ahead < columns.Length)
                {
                    Prefetch(source + ((long)columns[entry + Ahead] * width) + number, Together * lanes);
                }

                var factor = new Vector<float>(factors[entry]);
                var from = source + ((long)columns[entry] * width) + number;
                a = Vector.FusedMultiplyAdd(factor, Vector.Load(from), a);
                b = Vector.FusedMultiplyAdd(factor, Vector.Load(from + lanes), b);
                c = Vector.FusedMultiplyAdd(factor, Vector.Load(from + (2 * lanes)), c);
                d = Vector.FusedMultiplyAdd(factor, Vector.Load(from + (3 * lanes)), d);
                e = Vector.FusedMultiplyAdd(factor, Vector.Load(from + (4 * lanes)), e);
                f = Vector.FusedMultiplyAdd(factor, Vector.Load(from + (5 * lanes)), f);
                g = Vector.FusedMultiplyAdd(factor, Vector.Load(from + (6 * lanes)), g);
                h = Vector.FusedMultiplyAdd(factor, Vector.Load(from + (7 * lanes)), h);
            }

            ReadOnlySpan<Vector<float>> sums = [a, b, c, d, e, f, g, h];
            for (var part = 0; part < Together; part++)
            {
                Vector.Store(sums[part], into + number + (part * lanes));
            }
        }

        for (; number <= width - lanes; number += lanes)
        {
            Vector<float> sum = default;
            for (var entry = 0; entry < columns.Length; entry++)
            {
                sum = Vector.FusedMultiplyAdd(new Vector<float>(factors[entry]), Vector.Load(source + ((long)columns[entry] * width) + number), sum);
            }

            Vector.Store(sum, into + number);
        }

        for (; number < width; number++)
        {
            for (var entry = 0; entry < columns.Length; entry++)
            {
                into[number] = float.FusedMultiplyAdd(factors[entry], source[((long)columns[entry] * width) + number], into[number]);
            }
        }
    }

    // Rows lie anywhere in the table: what comes some entries later is asked for now.
    private static unsafe void Prefetch(float* from, int count)
    {
        for (var number = 0; number < count; number += 64 / sizeof(float))
        {
            Sse.Prefetch0(from + number);
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
