namespace Tastemaker.Data.Import.Reading;

/// <summary>A column of unknown length, in blocks, so that growing never copies and the peak is one column above the result.</summary>
internal sealed class GrowingColumn<T>
{
    private const int BlockLength = 1 << 18;

    private readonly List<T[]> blocks = [];
    private int used = BlockLength;

    public int Count => ((blocks.Count - 1) * BlockLength) + used;

    public void Add(T value)
    {
        if (used == BlockLength)
        {
            blocks.Add(GC.AllocateUninitializedArray<T>(BlockLength));
            used = 0;
        }

        blocks[^1][used++] = value;
    }

    public void AddRange(ReadOnlySpan<T> values)
    {
        while (!values.IsEmpty)
        {
            if (used == BlockLength)
            {
                blocks.Add(GC.AllocateUninitializedArray<T>(BlockLength));
                used = 0;
            }

            var part = Math.Min(values.Length, BlockLength - used);
            values[..part].CopyTo(blocks[^1].AsSpan(used));
            used += part;
            values = values[part..];
        }
    }

    /// <summary>The values as one array. The column is empty afterwards: its blocks are given back one by one.</summary>
    public T[] Take()
    {
        var result = GC.AllocateUninitializedArray<T>(Count);
        for (var block = 0; block < blocks.Count; block++)
        {
            var length = block == blocks.Count - 1 ? used : BlockLength;
            blocks[block].AsSpan(0, length).CopyTo(result.AsSpan(block * BlockLength));
            blocks[block] = [];
        }

        blocks.Clear();
        used = BlockLength;
        return result;
    }
}
