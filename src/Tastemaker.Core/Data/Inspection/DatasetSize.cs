using Tastemaker.Data.Features;

namespace Tastemaker.Data.Inspection;

/// <summary>Bytes a data set occupies in memory.</summary>
internal static class DatasetSize
{
    // A string object of 64-bit .NET (header, length, terminator, padding) with its reference and two dictionary entries.
    private const int BytesPerId = 80;

    public static long Bytes(Dataset dataset)
    {
        var interactions = dataset.Interactions;
        var perRow = 8 + (interactions.HasValues ? 4 : 0) + (interactions.HasTimes ? 8 : 0);
        return ((long)interactions.Count * perRow) + Bytes(dataset.Users) + Bytes(dataset.Items)
            + Bytes(dataset.UserFeatures) + Bytes(dataset.ItemFeatures) + Bytes(dataset.InteractionFeatures);
    }

    private static long Bytes(Vocabulary vocabulary) => vocabulary.Ids.Sum(id => (long)BytesPerId + (2 * id.Length));

    private static long Bytes(FeatureTable? table) => table?.Columns.Sum(column => column switch
    {
        NumericColumn numbers => 4L * numbers.RowCount,
        CategoricalColumn categories => (4L * categories.RowCount) + Bytes(categories.Categories),
        MultiCategoricalColumn sets => (4L * (sets.RowCount + ((sets.Values.HasValues ? 2L : 1L) * sets.Values.EntryCount))) + Bytes(sets.Categories),
        WordSequenceColumn words => (4L * (words.RowCount + words.Values.EntryCount)) + Bytes(words.Words),
        TextColumn texts => texts.Values.Sum(text => 8L + (text is null ? 0 : 24 + (2 * text.Length))),
        _ => 0,
    }) ?? 0;
}
