using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Texts;

namespace Tastemaker.Features;

/// <summary>Encodes the rows of one source by a schema: the one way from columns to indexes and numbers, in training and at serving alike.</summary>
/// <param name="schema">The fields.</param>
/// <param name="source">User, item or context.</param>
internal sealed class FieldEncoder(FeatureSchema schema, FieldSource source)
{
    /// <summary>Encodes a table.</summary>
    /// <param name="table">The columns; null where the source has none.</param>
    /// <param name="identifiers">The identifiers of users or items in row order; null for contexts and cold-start users.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <exception cref="InputException">A column is missing, or is of another kind than it was in training.</exception>
    public EncodedFeatures Encode(FeatureTable? table, Vocabulary? identifiers, int rowCount)
    {
        var fields = schema.Fields.Where(field => field.Source == source).ToList();
        CheckColumns(fields, table);
        var categories = Columns(FieldKind.Category, field => Categories(field, table, identifiers, rowCount), rowCount);
        var numbers = Columns(FieldKind.Number, field => Numbers(field, table!), rowCount);
        return new EncodedFeatures(rowCount, categories, [.. schema.Of(source, FieldKind.Categories).Select(field => Many(field, table!))], numbers);
    }

    private T[] Columns<T>(FieldKind kind, Func<FeatureField, T[]> encode, int rowCount)
    {
        var columns = schema.Of(source, kind).Select(encode).ToArray();
        var rows = new T[rowCount * columns.Length];
        for (var column = 0; column < columns.Length; column++)
        {
            for (var row = 0; row < rowCount; row++)
            {
                rows[(row * columns.Length) + column] = columns[column][row];
            }
        }

        return rows;
    }

    private static int[] Categories(FeatureField field, FeatureTable? table, Vocabulary? identifiers, int rowCount)
    {
        if (field.IsIdentifier)
        {
            return identifiers is null ? new int[rowCount] : field.Vocabulary!.Translation(identifiers);
        }

        if (table!.Find(field.Column!) is NumericColumn numbers)
        {
            return Array.ConvertAll(numbers.Values, field.Scale!.Bucket);
        }

        var column = (CategoricalColumn)table.Find(field.Column!)!;
        var translation = field.Vocabulary!.Translation(column.Categories);
        return Array.ConvertAll(column.Values, value => value < 0 ? 0 : translation[value]);
    }

    private static float[] Numbers(FeatureField field, FeatureTable table) =>
        Array.ConvertAll(((NumericColumn)table.Find(field.Column!)!).Values, field.Scale!.Apply);

    // Unknown categories have no part in the mean or sum; a row without any known one is empty.
    private static SparseRows Many(FeatureField field, FeatureTable table)
    {
        if (field.Words is { } bag)
        {
            var (words, documents) = Documents.Of(table.Find(field.Column!)!);
            return bag.Of(documents, field.Vocabulary!.Translation(words), field.Size, field.IsMean);
        }

        var column = (MultiCategoricalColumn)table.Find(field.Column!)!;
        var translation = field.Vocabulary!.Translation(column.Categories);
        var offsets = new int[column.RowCount + 1];
        var indexes = new List<int>(column.Values.EntryCount);
        var weights = new List<float>(column.Values.EntryCount);
        for (var row = 0; row < column.RowCount; row++)
        {
            var first = indexes.Count;
            var values = column.Values.RowValues(row);
            for (var entry = 0; entry < column.Values.Length(row); entry++)
            {
                if (translation[column.Values[row][entry]] is > 0 and var index)
                {
                    indexes.Add(index);
                    weights.Add(values.IsEmpty ? 1 : values[entry]);
                }
            }

            for (var entry = first; field.IsMean && entry < indexes.Count; entry++)
            {
                weights[entry] /= indexes.Count - first;
            }

            offsets[row + 1] = indexes.Count;
        }

        return new SparseRows(offsets, [.. indexes], field.Size, [.. weights]);
    }

    private void CheckColumns(List<FeatureField> fields, FeatureTable? table)
    {
        var problems = new List<string>();
        foreach (var field in fields.Where(field => field.Column is not null))
        {
            var column = table?.Find(field.Column!);
            if (column is null)
            {
                problems.Add($"The data lacks the {FieldSyntax.Prefix(source)} feature '{field.Column}' that the model was trained with.");
            }
            else if (!Fits(field, column))
            {
                problems.Add($"The {FieldSyntax.Prefix(source)} feature '{field.Column}' is of another kind than in training ({field}); name its kind at import.");
            }
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private static bool Fits(FeatureField field, FeatureColumn column) => column switch
    {
        NumericColumn => field.Scale is not null,
        CategoricalColumn => field is { Kind: FieldKind.Category, Vocabulary: not null },
        MultiCategoricalColumn => field.Kind is FieldKind.Categories && field.Words is not { IsText: true },
        TextColumn or WordSequenceColumn => field.Words is { IsText: true },
        _ => false,
    };
}
