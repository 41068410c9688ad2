using System.Text.Json;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Prepared;

/// <summary>Reads a prepared data set and checks it against its fingerprint.</summary>
internal sealed class PreparedReader(DuckDbSession session, string folder)
{
    private readonly Dictionary<string, List<string>> categories = [];

    /// <exception cref="InputException">The folder is no prepared data set, is newer, or is damaged.</exception>
    public Dataset Read()
    {
        var manifest = Manifest();
        try
        {
            var dataset = Read(manifest);
            return dataset.Fingerprint == manifest.Fingerprint ? dataset : throw Damaged("its content does not have the fingerprint of its manifest");
        }
        catch (QueryFailedException failure)
        {
            throw Damaged(failure.Summary);
        }
        catch (ArgumentException failure)
        {
            throw Damaged(failure.Message);
        }
    }

    private Dataset Read(PreparedManifest manifest)
    {
        ReadCategories();
        var (users, items) = (new Vocabulary(Ids(PreparedFolder.Users)), new Vocabulary(Ids(PreparedFolder.Items)));
        return new Dataset
        {
            Name = manifest.Name,
            Users = users,
            Items = items,
            Interactions = new Interactions(
                Column<int>(PreparedFolder.Interactions, "user"),
                Column<int>(PreparedFolder.Interactions, "item"),
                manifest.HasValues ? Column<float>(PreparedFolder.Interactions, "value") : null,
                manifest.HasTimes ? Times(manifest) : null),
            UserFeatures = Features(manifest, "users", PreparedFolder.Users, manifest.Users),
            ItemFeatures = Features(manifest, "items", PreparedFolder.Items, manifest.Items),
            InteractionFeatures = Features(manifest, "interactions", PreparedFolder.Interactions, manifest.Interactions),
            IsLabelled = manifest.IsLabelled,
            IsOrdered = manifest.IsOrdered,
            TitleFeature = manifest.TitleFeature,
            RoleColumns = manifest.RoleColumns,
            History = manifest.History,
        };
    }

    // Up to format 3, times were kept in seconds.
    private long[] Times(PreparedManifest manifest)
    {
        var times = Column<long>(PreparedFolder.Interactions, "time");
        return manifest.Version > 3 ? times : Array.ConvertAll(times, Timestamps.OfSeconds);
    }

    private PreparedManifest Manifest()
    {
        var path = Path.Combine(folder, PreparedFolder.Manifest);
        if (!PreparedFolder.IsOne(folder))
        {
            throw new InputException($"{folder} is no prepared data set: it lacks {PreparedFolder.Manifest} or {PreparedFolder.Interactions}.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllText(path), PreparedJson.Default.PreparedManifest);
            if (manifest is null || manifest.Format != PreparedManifest.Kind)
            {
                throw new InputException($"{path} is not the manifest of a prepared data set.");
            }

            return manifest.Version <= PreparedManifest.CurrentVersion ? manifest : throw new InputException(
                $"{folder} was written by a newer version (format {manifest.Version}; this one reads up to {PreparedManifest.CurrentVersion}). Update, or import the source again.");
        }
        catch (JsonException failure)
        {
            throw new InputException($"{path} is damaged: {failure.Message} Import the source again.", failure);
        }
    }

    private FeatureTable? Features(PreparedManifest manifest, string owner, string file, int rows) =>
        manifest.Features.TryGetValue(owner, out var features) ? new FeatureTable(rows, [.. features.Select(feature => Feature(owner, file, rows, feature))]) : null;

    private FeatureColumn Feature(string owner, string file, int rows, PreparedFeature feature)
    {
        var stored = $"feature {feature.Name}";
        return feature.Kind switch
        {
            PreparedKind.Numeric => new NumericColumn(feature.Name, Column<float>(file, stored)),
            PreparedKind.Text => new TextColumn(feature.Name, Texts(file, stored)),
            PreparedKind.Categorical => new CategoricalColumn(feature.Name, Categories(owner, feature.Name), Column<int>(file, stored)),
            PreparedKind.MultiCategorical => new MultiCategoricalColumn(feature.Name, Categories(owner, feature.Name), Sets(owner, feature, rows)),
            PreparedKind.Words => new WordSequenceColumn(feature.Name, Categories(owner, feature.Name), Sets(owner, feature, rows)),
            _ => throw Damaged($"feature '{feature.Name}' is of the unknown kind '{feature.Kind}'"),
        };
    }

    private Vocabulary Categories(string owner, string feature) => new(categories.GetValueOrDefault($"{owner}/{feature}", []));

    private void ReadCategories() => session.Read($"SELECT owner, category FROM {Table(PreparedFolder.Categories)}", chunk =>
    {
        for (var row = 0; row < chunk.Count; row++)
        {
            var owner = chunk.Text(0).String(row)!;
            if (!categories.TryGetValue(owner, out var list))
            {
                categories[owner] = list = [];
            }

            list.Add(chunk.Text(1).String(row)!);
        }
    });

    private SparseRows Sets(string owner, PreparedFeature feature, int rows)
    {
        var (offsets, columns, weights) = (new int[rows + 1], new GrowingColumn<int>(), new GrowingColumn<float>());
        // Earlier versions wrote no weights.
        var weight = feature.Weighted ? ", weight" : "";
        session.Read($"SELECT \"row\", category{weight} FROM {Table(PreparedFolder.Sets)} WHERE owner = {DuckDbSession.Literal($"{owner}/{feature.Name}")}", chunk =>
        {
            foreach (var row in chunk.Column<int>(0))
            {
                offsets[row + 1]++;
            }

            columns.AddRange(chunk.Column<int>(1));
            if (feature.Weighted)
            {
                weights.AddRange(chunk.Column<float>(2));
            }
        });
        for (var row = 0; row < rows; row++)
        {
            offsets[row + 1] += offsets[row];
        }

        return new SparseRows(offsets, columns.Take(), Categories(owner, feature.Name).Count, feature.Weighted ? weights.Take() : null);
    }

    private string[] Ids(string file) => [.. Texts(file, "id").Select(id => id ?? throw Damaged("an identifier is missing"))];

    private string?[] Texts(string file, string column)
    {
        var texts = new GrowingColumn<string?>();
        session.Read($"SELECT {DuckDbSession.Name(column)} FROM {Table(file)}", chunk =>
        {
            var vector = chunk.Text(0);
            for (var row = 0; row < chunk.Count; row++)
            {
                texts.Add(vector.String(row));
            }
        });
        return texts.Take();
    }

    private T[] Column<T>(string file, string column)
        where T : unmanaged
    {
        var type = typeof(T) == typeof(int) ? "INTEGER" : typeof(T) == typeof(long) ? "BIGINT" : "FLOAT";
        var values = new GrowingColumn<T>();
        session.Read($"SELECT CAST({DuckDbSession.Name(column)} AS {type}) FROM {Table(file)}", chunk => values.AddRange(chunk.Column<T>(0)));
        return values.Take();
    }

    private string Table(string file) => $"read_parquet({DuckDbSession.Literal(Path.Combine(folder, file))})";

    private InputException Damaged(string how) => new($"{folder} is a damaged prepared data set: {how}. Import the source again.");
}
