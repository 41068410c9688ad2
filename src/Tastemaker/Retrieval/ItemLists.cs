using Tastemaker.Data;
using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Retrieval;

/// <summary>
/// The items' vectors, list after list, each list padded to whole panels: what belongs together lies together, and a list is read as the catalog is.
/// </summary>
internal sealed class ItemLists
{
    private const int Panel = PanelKernel.Rows;

    private readonly PackedVectors packed;
    private readonly int[] starts;
    private readonly int[] items;

    /// <summary>Lays vectors [items, dimension] out.</summary>
    /// <param name="vectors">The vectors; copied.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="members">A row a list: its items, ascending.</param>
    public ItemLists(float[] vectors, int dimension, SparseRows members)
    {
        Members = members;
        starts = new int[members.RowCount + 1];
        for (var list = 0; list < members.RowCount; list++)
        {
            starts[list + 1] = starts[list] + ((members.Length(list) + Panel - 1) / Panel * Panel);
        }

        items = new int[starts[^1]];
        var bias = new float[items.Length];
        Array.Fill(items, -1);
        bias.AsSpan().Fill(float.NegativeInfinity); // what is no item is no candidate
        for (var list = 0; list < members.RowCount; list++)
        {
            members[list].CopyTo(items.AsSpan(starts[list]));
            bias.AsSpan(starts[list], members.Length(list)).Clear();
        }

        packed = new PackedVectors(vectors, dimension, bias, items);
    }

    /// <summary>A row a list: its items, ascending.</summary>
    public SparseRows Members { get; }

    /// <summary>Number of lists.</summary>
    public int Count => Members.RowCount;

    /// <summary>Number of items.</summary>
    public int ItemCount => Members.EntryCount;

    /// <summary>Length of a vector.</summary>
    public int Dimension => packed.Dimension;

    /// <summary>The places of a list: from a multiple of 64 to another, with empty ones at the end.</summary>
    public Range Places(int list) => starts[list]..starts[list + 1];

    /// <summary>The item at a place.</summary>
    public int ItemAt(int place) => items[place];

    /// <summary>Writes inner products of queries with some places, negative infinity for empty ones: [queries, count].</summary>
    public unsafe void Multiply(ReadOnlySpan<float> queries, ReadOnlySpan<float> zeros, int first, int count, Span<float> scores)
    {
        fixed (float* target = scores)
        {
            packed.Multiply(queries, zeros, first, count, target, count);
        }
    }
}
