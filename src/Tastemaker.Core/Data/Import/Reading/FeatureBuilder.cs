using System.Globalization;
using System.Text;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data.Import.Reading;

/// <summary>Collects one feature column row by row from chunks.</summary>
internal abstract class FeatureBuilder(FeaturePlan plan)
{
    protected FeaturePlan Plan { get; } = plan;

    /// <summary>The column's name.</summary>
    public string Name => Plan.Column.Name;

    /// <summary>A builder for a plan.</summary>
    public static FeatureBuilder For(FeaturePlan plan) => plan.Kind switch
    {
        FeatureKind.Numeric => new Numbers(plan),
        FeatureKind.Text => new Texts(plan),
        FeatureKind.MultiCategorical => new Sets(plan),
        _ => new Categories(plan),
    };

    /// <summary>Appends some rows of a column of a chunk.</summary>
    public abstract void Append(RowChunk chunk, int column, ReadOnlySpan<int> rows);

    /// <summary>Number of values that are not what the column holds; they count as missing.</summary>
    public long Unreadable { get; private protected set; }

    /// <summary>The finished column under a name; source row order.</summary>
    public abstract FeatureColumn Build(string name);

    private sealed class Numbers(FeaturePlan plan) : FeatureBuilder(plan)
    {
        private readonly GrowingColumn<float> values = new();

        public override void Append(RowChunk chunk, int column, ReadOnlySpan<int> rows)
        {
            var numbers = chunk.Column<float>(column);
            var nulls = chunk.Nulls(column);
            foreach (var row in rows)
            {
                var number = nulls[row] ? float.NaN : numbers[row];
                Unreadable += float.IsInfinity(number) ? 1 : 0;
                values.Add(float.IsInfinity(number) ? float.NaN : number);
            }
        }

        public override FeatureColumn Build(string name) => new NumericColumn(name, values.Take());
    }

    private sealed class Texts(FeaturePlan plan) : FeatureBuilder(plan)
    {
        private readonly GrowingColumn<string?> values = new();

        public override void Append(RowChunk chunk, int column, ReadOnlySpan<int> rows)
        {
            var texts = chunk.Text(column);
            foreach (var row in rows)
            {
                values.Add(texts.String(row));
            }
        }

        public override FeatureColumn Build(string name) => new TextColumn(name, values.Take());
    }

    private sealed class Categories(FeaturePlan plan) : FeatureBuilder(plan)
    {
        private readonly IdIndexer indexer = new();
        private readonly GrowingColumn<int> values = new();

        public override void Append(RowChunk chunk, int column, ReadOnlySpan<int> rows)
        {
            var texts = chunk.Text(column);
            foreach (var row in rows)
            {
                var category = texts.IsNull(row) ? [] : texts.Utf8(row).Trim((byte)' ');
                values.Add(category.IsEmpty ? -1 : indexer.IndexOf(category));
            }
        }

        public override FeatureColumn Build(string name)
        {
            var (ids, map) = IdOrder.SortCategories(indexer.ToArray());
            var codes = values.Take();
            foreach (ref var code in codes.AsSpan())
            {
                code = code < 0 ? -1 : map[code];
            }

            return new CategoricalColumn(name, new Vocabulary(ids), codes);
        }
    }

    private sealed class Sets(FeaturePlan plan) : FeatureBuilder(plan)
    {
        private readonly byte[] separator = Encoding.UTF8.GetBytes(plan.Separator);
        private readonly IdIndexer indexer = new();
        private readonly GrowingColumn<int> values = new();
        private readonly GrowingColumn<int> offsets = new();
        private readonly GrowingColumn<float> weights = new();
        private bool weighs;

        public override void Append(RowChunk chunk, int column, ReadOnlySpan<int> rows)
        {
            var texts = chunk.Text(column);
            foreach (var row in rows)
            {
                offsets.Add(values.Count);
                if (!texts.IsNull(row))
                {
                    Add(texts.Utf8(row));
                }
            }
        }

        public override FeatureColumn Build(string name)
        {
            var (ids, map) = IdOrder.SortCategories(indexer.ToArray());
            offsets.Add(values.Count);
            var codes = values.Take();
            IdOrder.Apply(map, codes);
            return new MultiCategoricalColumn(name, new Vocabulary(ids), new SparseRows(offsets.Take(), codes, ids.Length, weighs ? weights.Take() : null));
        }

        private void Add(ReadOnlySpan<byte> text)
        {
            foreach (var part in text.Split(separator))
            {
                var category = text[part].Trim((byte)' ');
                if (category.IsEmpty)
                {
                    continue;
                }

                if (Plan.Weighted)
                {
                    var colon = category.LastIndexOf((byte)':');
                    var weight = float.Parse(category[(colon + 1)..], CultureInfo.InvariantCulture);
                    weighs |= weight != 1;
                    weights.Add(weight);
                    category = category[..colon];
                }

                values.Add(indexer.IndexOf(category));
            }
        }
    }
}
