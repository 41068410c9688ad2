using System.Text.Json;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Prepared;

/// <summary>Writes the files of a prepared data set into an existing folder.</summary>
internal sealed class PreparedWriter(DuckDbSession session, Dataset dataset, string folder)
{
    private readonly GrowingColumn<string?> categoryOwner = new();
    private readonly GrowingColumn<string?> categories = new();
    private readonly GrowingColumn<string?> setOwner = new();
    private readonly GrowingColumn<int> setRows = new();
    private readonly GrowingColumn<int> setCategories = new();
    private readonly GrowingColumn<float> setWeights = new();

    public void Write()
    {
        WriteTable(PreparedFolder.Users, dataset.Users.Count, [TableColumn.Of("id", dataset.Users.Ids)], "users", dataset.UserFeatures);
        WriteTable(PreparedFolder.Items, dataset.Items.Count, [TableColumn.Of("id", dataset.Items.Ids)], "items", dataset.ItemFeatures);
        WriteTable(PreparedFolder.Interactions, dataset.Interactions.Count, InteractionColumns(), "interactions", dataset.InteractionFeatures);
        WriteTable(PreparedFolder.Categories, categories.Count, TableColumn.Of("owner", categoryOwner.Take()), TableColumn.Of("category", categories.Take()));
        WriteTable(
            PreparedFolder.Sets, setRows.Count,
            TableColumn.Of("owner", setOwner.Take()), TableColumn.Of("row", setRows.Take()), TableColumn.Of("category", setCategories.Take()),
            TableColumn.Of("weight", setWeights.Take()));
        File.WriteAllText(Path.Combine(folder, PreparedFolder.Manifest), JsonSerializer.Serialize(Manifest(), PreparedJson.Default.PreparedManifest));
    }

    private List<TableColumn> InteractionColumns()
    {
        var interactions = dataset.Interactions;
        List<TableColumn> columns = [TableColumn.Of("user", interactions.Users.ToArray()), TableColumn.Of("item", interactions.Items.ToArray())];
        if (interactions.HasValues)
        {
            columns.Add(TableColumn.Of("value", interactions.Values.ToArray()));
        }

        if (interactions.HasTimes)
        {
            columns.Add(TableColumn.Of("time", interactions.Times.ToArray()));
        }

        return columns;
    }

    private void WriteTable(string file, int rows, List<TableColumn> columns, string owner, FeatureTable? features)
    {
        foreach (var feature in features?.Columns ?? [])
        {
            // Features are prefixed, because one of users may well be named "id".
            var name = $"feature {feature.Name}";
            switch (feature)
            {
                case NumericColumn numbers:
                    columns.Add(TableColumn.Of(name, numbers.Values));
                    break;
                case TextColumn texts:
                    columns.Add(TableColumn.Of(name, texts.Values));
                    break;
                case CategoricalColumn categorical:
                    columns.Add(TableColumn.Of(name, categorical.Values));
                    Keep(owner, feature.Name, categorical.Categories);
                    break;
                case MultiCategoricalColumn sets:
                    Keep(owner, feature.Name, sets.Categories);
                    Keep(owner, feature.Name, sets.Values);
                    break;
                case WordSequenceColumn words:
                    Keep(owner, feature.Name, words.Words);
                    Keep(owner, feature.Name, words.Values);
                    break;
            }
        }

        WriteTable(file, rows, [.. columns]);
    }

    private void WriteTable(string file, int rows, params IReadOnlyList<TableColumn> columns) =>
        TableWriter.Write(session, Path.Combine(folder, file), rows, columns);

    private void Keep(string owner, string feature, Vocabulary vocabulary)
    {
        foreach (var category in vocabulary.Ids)
        {
            categoryOwner.Add($"{owner}/{feature}");
            categories.Add(category);
        }
    }

    private void Keep(string owner, string feature, SparseRows sets)
    {
        for (var row = 0; row < sets.RowCount; row++)
        {
            for (var entry = 0; entry < sets.Length(row); entry++)
            {
                setOwner.Add($"{owner}/{feature}");
                setRows.Add(row);
                setCategories.Add(sets[row][entry]);
                setWeights.Add(sets.HasValues ? sets.RowValues(row)[entry] : 1);
            }
        }
    }

    private PreparedManifest Manifest()
    {
        var features = new Dictionary<string, IReadOnlyList<PreparedFeature>>();
        foreach (var (owner, table) in new[] { ("users", dataset.UserFeatures), ("items", dataset.ItemFeatures), ("interactions", dataset.InteractionFeatures) })
        {
            if (table is not null)
            {
                features[owner] = [.. table.Columns.Select(column => new PreparedFeature(column.Name, PreparedKind.Of(column), column is MultiCategoricalColumn { Values.HasValues: true }))];
            }
        }

        return new PreparedManifest
        {
            Format = PreparedManifest.Kind,
            Version = PreparedManifest.CurrentVersion,
            Name = dataset.Name,
            Users = dataset.Users.Count,
            Items = dataset.Items.Count,
            Interactions = dataset.Interactions.Count,
            HasValues = dataset.Interactions.HasValues,
            HasTimes = dataset.Interactions.HasTimes,
            IsLabelled = dataset.IsLabelled,
            IsOrdered = dataset.IsOrdered,
            TitleFeature = dataset.TitleFeature,
            Fingerprint = dataset.Fingerprint,
            RoleColumns = dataset.RoleColumns,
            History = dataset.History,
            Features = features,
        };
    }
}
