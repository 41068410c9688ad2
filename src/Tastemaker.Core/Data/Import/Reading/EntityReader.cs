using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Reading;

/// <summary>Reads features of users or items and puts them in the order of a vocabulary.</summary>
internal sealed class EntityReader(DuckDbSession session, EntitySource source, DataOptions options)
{
    /// <summary>Adds identifiers that only the entity file knows.</summary>
    public void AddKeys(IdIndexer indexer) => session.Read(
        $"SELECT {InteractionReader.IdSql(source.Key, options.Trim)} FROM {source.Relation.Lenient}",
        chunk =>
        {
            var keys = chunk.Text(0);
            for (var row = 0; row < chunk.Count; row++)
            {
                if (!keys.IsNull(row) && !keys.Utf8(row).IsEmpty)
                {
                    indexer.IndexOf(keys.Utf8(row));
                }
            }
        });

    /// <summary>How many rows have an identifier of a user, and how many one of an item.</summary>
    public (int OfUsers, int OfItems) CountKnown(Vocabulary users, Vocabulary items)
    {
        var (ofUsers, ofItems) = (0, 0);
        session.Read($"SELECT {InteractionReader.IdSql(source.Key, options.Trim)} FROM {source.Relation.Lenient}", chunk =>
        {
            var keys = chunk.Text(0);
            for (var row = 0; row < chunk.Count; row++)
            {
                if (keys.String(row) is { } key)
                {
                    ofUsers += users.IndexOf(key) >= 0 ? 1 : 0;
                    ofItems += items.IndexOf(key) >= 0 ? 1 : 0;
                }
            }
        });
        return (ofUsers, ofItems);
    }

    /// <summary>An identifier of the source, as an example in messages.</summary>
    public string? FirstKey() => session.Rows($"SELECT {InteractionReader.IdSql(source.Key, options.Trim)} FROM {source.Relation.Lenient} LIMIT 1").FirstOrDefault()?[0];

    /// <summary>The features by vocabulary index; missing for identifiers without a row. Null where the source has no feature.</summary>
    /// <param name="kind">"item" or "user", for messages.</param>
    /// <param name="vocabulary">The rows to fill.</param>
    /// <param name="plans">The columns.</param>
    /// <param name="warnings">Receives repeated and missing rows.</param>
    public FeatureTable? Read(string kind, Vocabulary vocabulary, IReadOnlyList<FeaturePlan> plans, List<string> warnings)
    {
        if (plans.Count == 0)
        {
            return null;
        }

        var rowOf = new int[vocabulary.Count];
        Array.Fill(rowOf, -1);
        var (read, repeated) = (0, new List<string>());
        var bad = new BadRowList(source.Relation.Label);
        var builders = plans.Select(FeatureBuilder.For).ToArray();
        var columns = plans.Select(plan => plan.Sql).Prepend(InteractionReader.IdSql(source.Key, options.Trim));
        session.Read($"SELECT {string.Join(", ", columns)} FROM {source.Relation.Noting(Relation.Untyped)}", chunk =>
        {
            Locate(chunk, vocabulary, rowOf, read, repeated);
            read += chunk.Count;
            for (var column = 0; column < builders.Length; column++)
            {
                builders[column].Append(chunk, column + 1, RowChunk.All[..chunk.Count]);
            }
        });
        source.Relation.AddNoted(session, bad, Relation.Untyped);
        bad.Apply(read + bad.Count, options.OnBadRows, warnings);
        UnreadableFeatures.Note(source.Relation.Label, builders, options.OnBadRows, warnings);
        Warn(kind, vocabulary, rowOf, repeated, warnings);
        return new FeatureTable(vocabulary.Count, [.. builders.Zip(plans, (builder, plan) => Place(builder.Build(kind == "item" && options.Title is null ? Title(plan, plans) : plan.Column.Name), rowOf))]);
    }

    private static string Title(FeaturePlan plan, IReadOnlyList<FeaturePlan> plans)
    {
        var named = plans.Any(other => other.Column.Name.ToLowerInvariant() is "title" or "name");
        var first = plans.FirstOrDefault(other => other.Kind == FeatureKind.Text && TitleNames.IsOfThing(other.Column.Name));
        return !named && plan == first ? "title" : plan.Column.Name;
    }

    private static void Locate(RowChunk chunk, Vocabulary vocabulary, int[] rowOf, int read, List<string> repeated)
    {
        var keys = chunk.Text(0);
        for (var row = 0; row < chunk.Count; row++)
        {
            var key = keys.String(row);
            var index = key is null ? -1 : vocabulary.IndexOf(key);
            if (index >= 0 && rowOf[index] >= 0)
            {
                repeated.Add(key!);
            }
            else if (index >= 0)
            {
                rowOf[index] = read + row;
            }
        }
    }

    private void Warn(string kind, Vocabulary vocabulary, int[] rowOf, List<string> repeated, List<string> warnings)
    {
        if (repeated.Count > 0)
        {
            warnings.Add($"{source.Relation.Label} describes {repeated.Distinct().Count():N0} {kind}s more than once, such as '{repeated[0]}'; the first row counts.");
        }

        var missing = rowOf.Count(row => row < 0);
        if (missing > 0)
        {
            warnings.Add($"{missing:N0} of {vocabulary.Count:N0} {kind}s, such as '{vocabulary[Array.IndexOf(rowOf, -1)]}', have no row in {source.Relation.Label}; their features are missing.");
        }
    }

    /// <summary>A column in vocabulary order.</summary>
    public static FeatureColumn Place(FeatureColumn column, int[] rowOf) => column switch
    {
        NumericColumn numbers => numbers with { Values = [.. rowOf.Select(row => row < 0 ? float.NaN : numbers.Values[row])] },
        TextColumn texts => texts with { Values = [.. rowOf.Select(row => row < 0 ? null : texts.Values[row])] },
        CategoricalColumn categories => categories with { Values = [.. rowOf.Select(row => row < 0 ? -1 : categories.Values[row])] },
        MultiCategoricalColumn sets => sets with { Values = sets.Values.Gather(rowOf) },
        _ => throw new ArgumentException($"Features of type {column.GetType().Name} cannot be placed.", nameof(column)),
    };
}
