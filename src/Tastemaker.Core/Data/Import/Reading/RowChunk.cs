using DuckDB.NET.Native;

namespace Tastemaker.Data.Import.Reading;

/// <summary>Up to 2,048 rows of a result, read in place from DuckDB's column vectors; valid only during the callback that receives it.</summary>
internal readonly unsafe ref struct RowChunk
{
    private const int MostRows = 2048;

    private static readonly int[] Numbers = [.. Enumerable.Range(0, MostRows)];

    private readonly DuckDBDataChunk chunk;

    public RowChunk(DuckDBDataChunk chunk)
    {
        this.chunk = chunk;
        Count = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
    }

    /// <summary>The numbers of the rows of the largest chunk.</summary>
    public static ReadOnlySpan<int> All => Numbers;

    public int Count { get; }

    /// <summary>A column of a fixed-size type: <c>int</c>, <c>long</c>, <c>float</c>, <c>double</c>. Entries of null rows are undefined.</summary>
    public ReadOnlySpan<T> Column<T>(int column)
        where T : unmanaged => new(NativeMethods.Vectors.DuckDBVectorGetData(Vector(column)), Count);

    public TextVector Text(int column) => new(Vector(column));

    public NullMask Nulls(int column) => new(NativeMethods.Vectors.DuckDBVectorGetValidity(Vector(column)));

    private IntPtr Vector(int column) => NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
}
