namespace Tastemaker.Scoring;

/// <summary>
/// A table of vectors with a bias each, laid out for products with queries: panels of 64 rows, and inside a panel the numbers of one dimension side
/// by side, aligned to cache lines. A copy: it takes the memory of the table once more, and does not follow later changes. Thread-safe.
/// </summary>
internal sealed unsafe class PackedVectors
{
    private const int Panel = PanelKernel.Rows;
    private const int LineFloats = 16;

    // Pinned, so that the alignment found once stays.
    private readonly float[] storage;
    private readonly float[] biasStorage;
    private readonly float* panels;
    private readonly float* biases;

    /// <summary>Packs a table.</summary>
    /// <param name="table">Vectors [rows, dimension].</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="bias">One number a row; empty for zeros.</param>
    public PackedVectors(float[] table, int dimension, float[] bias)
        : this(table, dimension, bias, null)
    {
    }

    /// <summary>Packs rows of a table in another order.</summary>
    /// <param name="table">Vectors [any number, dimension].</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="bias">One number a packed row; empty for zeros.</param>
    /// <param name="order">The row of the table that comes to each place, or -1 to leave zeros there; null for the table's own order.</param>
    public PackedVectors(float[] table, int dimension, float[] bias, int[]? order)
    {
        (Count, Dimension) = (order?.Length ?? (table.Length / dimension), dimension);
        var count = (Count + Panel - 1) / Panel;
        panels = Aligned(checked(count * Panel * dimension), out storage);
        biases = Aligned(count * Panel, out biasStorage);
        bias.CopyTo(new Span<float>(biases, bias.Length));
        Parallel.For(0, count, Parallelism.Loop(), panel => Pack(table, order, panel));
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>A panel [dimension, 64]; rows beyond <see cref="Count"/> are 0. Valid while this object is reachable.</summary>
    public float* PanelAt(int panel) => panels + ((long)panel * Panel * Dimension);

    /// <summary>Copies a row, and its bias after it where there is room for one more value.</summary>
    public void CopyRow(int row, Span<float> vector)
    {
        var source = PanelAt(row / Panel) + (row % Panel);
        for (var k = 0; k < Dimension; k++)
        {
            vector[k] = source[(nint)k * Panel];
        }

        if (vector.Length > Dimension)
        {
            vector[Dimension] = biases[row];
        }

        GC.KeepAlive(storage);
        GC.KeepAlive(biasStorage);
    }

    /// <summary>
    /// Writes <c>query . row + bias of the row + offset of the query</c> for some rows, on the calling thread.
    /// </summary>
    /// <param name="queries">Vectors [offsets, dimension].</param>
    /// <param name="offsets">One number a query.</param>
    /// <param name="first">The first row, a multiple of 64.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="scores">Receives [offsets, count].</param>
    /// <param name="stride">Numbers from one row of <paramref name="scores"/> to the next.</param>
    public void Multiply(ReadOnlySpan<float> queries, ReadOnlySpan<float> offsets, int first, int count, float* scores, nint stride)
    {
        fixed (float* query = queries, offset = offsets)
        {
            for (var row = first; row < first + count; row += Panel)
            {
                var target = scores + (row - first);
                if (row + Panel <= first + count)
                {
                    PanelKernel.Multiply(query, offsets.Length, Dimension, PanelAt(row / Panel), biases + row, offset, float.NegativeInfinity, target, stride);
                }
                else
                {
                    MultiplyLast(query, offset, offsets.Length, row, first + count - row, target, stride);
                }
            }
        }

        GC.KeepAlive(storage);
        GC.KeepAlive(biasStorage);
    }

    // A panel that reaches beyond the rows wanted is written aside, a query at a time.
    private void MultiplyLast(float* queries, float* offsets, int queryCount, int row, int count, float* scores, nint stride)
    {
        var aside = stackalloc float[Panel];
        for (var query = 0; query < queryCount; query++)
        {
            PanelKernel.Multiply(
                queries + ((nint)query * Dimension), 1, Dimension, PanelAt(row / Panel), biases + row, offsets + query, float.NegativeInfinity, aside, Panel);
            new Span<float>(aside, count).CopyTo(new Span<float>(scores + (query * stride), count));
        }
    }

    private void Pack(float[] table, int[]? order, int panel)
    {
        var target = PanelAt(panel);
        var rows = Math.Min(Panel, Count - (panel * Panel));
        for (var row = 0; row < rows; row++)
        {
            var place = (panel * Panel) + row;
            var from = order is null ? place : order[place];
            if (from < 0)
            {
                continue;
            }

            var source = table.AsSpan(from * Dimension, Dimension);
            for (var k = 0; k < source.Length; k++)
            {
                target[((nint)k * Panel) + row] = source[k];
            }
        }
    }

    private static float* Aligned(int length, out float[] storage)
    {
        storage = GC.AllocateArray<float>(checked(length + LineFloats), pinned: true);
        fixed (float* start = storage)
        {
            const nint line = LineFloats * sizeof(float);
            return (float*)(((nint)start + line - 1) / line * line);
        }
    }
}
