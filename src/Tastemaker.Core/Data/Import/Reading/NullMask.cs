namespace Tastemaker.Data.Import.Reading;

/// <summary>Which rows of a column vector are null: a bit a row, 1 where valid; absent where all are.</summary>
internal readonly unsafe ref struct NullMask(ulong* validity)
{
    public bool Any => validity is not null;

    public bool this[int row] => validity is not null && (validity[row >> 6] & (1UL << (row & 63))) == 0;
}
