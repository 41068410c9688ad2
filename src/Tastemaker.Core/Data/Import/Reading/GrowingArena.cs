namespace Tastemaker.Data.Import.Reading;

/// <summary>Byte strings one after another, addressed by their number.</summary>
internal sealed class GrowingArena
{
    private const int BlockLength = 1 << 20;

    private readonly List<byte[]> blocks = [];
    private (int Block, int Start, int Length)[] entries = new (int, int, int)[512];
    private int count;
    private int used = BlockLength;

    public ReadOnlySpan<byte> this[int index] => blocks[entries[index].Block].AsSpan(entries[index].Start, entries[index].Length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (used + bytes.Length > BlockLength)
        {
            blocks.Add(new byte[Math.Max(BlockLength, bytes.Length)]);
            used = 0;
        }

        if (count == entries.Length)
        {
            Array.Resize(ref entries, count * 2);
        }

        bytes.CopyTo(blocks[^1].AsSpan(used));
        entries[count++] = (blocks.Count - 1, used, bytes.Length);
        used += bytes.Length;
    }
}
