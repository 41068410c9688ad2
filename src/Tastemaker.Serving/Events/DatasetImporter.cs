using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Serving.Events;

/// <summary>Brings a data set into a store, so that what a service was begun with and what happens there are one.</summary>
internal static class DatasetImporter
{
    private const int Batch = 10_000;

    /// <summary>Writes the interactions that the store lacks, and the features of items and users.</summary>
    public static async Task<StoreImport> WriteAsync(Dataset data, IEventStore store, IProgress<long>? progress, CancellationToken cancellation)
    {
        await PutAsync(EntityKind.Item, data.Items, data.ItemFeatures, store, cancellation).ConfigureAwait(false);
        await PutAsync(EntityKind.User, data.Users, data.UserFeatures, store, cancellation).ConfigureAwait(false);
        var known = await KnownInteractions.OfAsync(data, store, cancellation).ConfigureAwait(false);
        var rows = data.Interactions;
        IEnumerable<int> order = Enumerable.Range(0, rows.Count);
        if (rows.HasTimes)
        {
            // Stored as they happened; a stable order, so that two calls at a time make the same batches.
            order = order.OrderBy(row => data.Interactions.Times[row]);
        }

        var (seen, added) = (0L, 0L);
        foreach (var batch in order.Where(row => !known.Take(row)).Select(row => Row(data, row)).Chunk(Batch))
        {
            // Two imports that found the store alike have the same keys; a later one, which found it otherwise, has others.
            var key = string.Create(CultureInfo.InvariantCulture, $"import {data.Fingerprint} {seen} after {known.Last}");
            var receipt = await store.AppendAsync(batch, key, cancellation).ConfigureAwait(false);
            seen += batch.Length;
            added += receipt.Repeated ? 0 : batch.Length;
            progress?.Report(seen);
        }

        return new StoreImport(rows.Count, added);
    }

    private static Interaction Row(Dataset data, int row)
    {
        var rows = data.Interactions;
        return new Interaction(data.Users[rows.Users[row]], data.Items[rows.Items[row]])
        {
            Value = rows.HasValues ? rows.Values[row] : null,
            Time = rows.HasTimes ? Timestamps.Moment(rows.Times[row]) : null,
        };
    }

    private static async Task PutAsync(EntityKind kind, Vocabulary ids, FeatureTable? features, IEventStore store, CancellationToken cancellation)
    {
        if (features is not { Columns.Count: > 0 })
        {
            return;
        }

        foreach (var rows in Enumerable.Range(0, ids.Count).Chunk(Batch))
        {
            EntityRecord[] records = [.. rows.Select(row => new EntityRecord(ids[row], Texts(features, row))).Where(record => record.Features.Count > 0)];
            await store.PutAsync(kind, records, cancellation).ConfigureAwait(false);
        }
    }

    private static Dictionary<string, string> Texts(FeatureTable features, int row) => features.Columns
        .Select(column => (column.Name, Text: Text(column, row)))
        .Where(pair => !string.IsNullOrEmpty(pair.Text))
        .ToDictionary(pair => pair.Name, pair => pair.Text!);

    private static string? Text(FeatureColumn column, int row) => column switch
    {
        TextColumn texts => texts.Values[row],
        CategoricalColumn one => one.Values[row] >= 0 ? one.Categories[one.Values[row]] : null,
        MultiCategoricalColumn many => string.Join(EntityRecord.Separator, many.Values[row].ToArray().Select(category => many.Categories[category])),
        NumericColumn numbers => float.IsNaN(numbers.Values[row]) ? null : numbers.Values[row].ToString("R", CultureInfo.InvariantCulture),
        WordSequenceColumn words => string.Join(' ', words.Values[row].ToArray().Select(word => words.Words[word])),
        _ => throw new InputException($"'{column.Name}' is a {column.GetType().Name}, which a store cannot keep."),
    };
}
