using System.Text;
using DuckDB.NET.Native;

namespace Tastemaker.Data.Import.Prepared;

/// <summary>A column to be written: copies a range of rows into a DuckDB vector.</summary>
internal abstract record TableColumn(string Name, string SqlType, DuckDBType NativeType)
{
    /// <summary>Copies <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public abstract void Fill(IntPtr vector, int start, int count);

    public static TableColumn Of(string name, ReadOnlyMemory<int> values) => new Fixed<int>(name, "INTEGER", DuckDBType.Integer, values);

    public static TableColumn Of(string name, ReadOnlyMemory<float> values) => new Fixed<float>(name, "FLOAT", DuckDBType.Float, values);

    public static TableColumn Of(string name, ReadOnlyMemory<long> values) => new Fixed<long>(name, "BIGINT", DuckDBType.BigInt, values);

    public static TableColumn Of(string name, IReadOnlyList<string?> values) => new Texts(name, values);

    private sealed record Fixed<T>(string Name, string SqlType, DuckDBType NativeType, ReadOnlyMemory<T> Values) : TableColumn(Name, SqlType, NativeType)
        where T : unmanaged
    {
        public override unsafe void Fill(IntPtr vector, int start, int count) =>
            Values.Span.Slice(start, count).CopyTo(new Span<T>(NativeMethods.Vectors.DuckDBVectorGetData(vector), count));
    }

    private sealed record Texts(string Name, IReadOnlyList<string?> Values) : TableColumn(Name, "VARCHAR", DuckDBType.Varchar)
    {
        public override unsafe void Fill(IntPtr vector, int start, int count)
        {
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(vector);
            var validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
            for (var row = 0; row < count; row++)
            {
                var text = Values[start + row];
                NativeMethods.ValidityMask.DuckDBValiditySetRowValidity(validity, (ulong)row, text is not null);
                if (text is not null)
                {
                    var bytes = Encoding.UTF8.GetBytes(text);
                    fixed (byte* first = bytes)
                    {
                        NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(vector, (ulong)row, first, bytes.Length);
                    }
                }
            }
        }
    }
}
