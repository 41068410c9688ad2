using System.Buffers.Text;
using System.Text;

namespace Tastemaker.Data.Import.Reading;

/// <summary>Reads a cell as a 0/1 label: 0 and 1 however written (1.0, +1), -1 for 0, true and false, yes and no, in any case.</summary>
internal static class LabelText
{
    /// <summary>What a cell may be, in words.</summary>
    public const string Choices = "0 or 1, -1 or 1, true or false, yes or no";

    /// <summary>0, 1, or -1 where the cell is neither.</summary>
    public static int Parse(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim((byte)' ');
        if (Is(cell, "1"u8) || Is(cell, "true"u8) || Is(cell, "yes"u8))
        {
            return 1;
        }

        if (Is(cell, "0"u8) || Is(cell, "false"u8) || Is(cell, "no"u8))
        {
            return 0;
        }

        return Utf8Parser.TryParse(cell, out double number, out var length) && length == cell.Length && number is 0 or 1 or -1
            ? Math.Max(0, (int)number) : -1;
    }

    private static bool Is(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(cell, word);
}
