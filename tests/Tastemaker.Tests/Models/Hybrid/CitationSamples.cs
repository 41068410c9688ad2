using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Hybrid;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Hybrid;

/// <summary>Five contexts that cite five works; a sixth work is cold, and a seventh has no title.</summary>
internal static class CitationSamples
{
    internal const int Works = 7, Cold = 5, Silent = 6;

    internal static readonly NcnOptions Small = new()
    {
        TextColumn = "context", ItemTextColumn = "title", WordDimension = 5, FilterCount = 4, AuthorDimension = 3, Units = 6, Dropout = 0, TitleMinimumCount = 1, BatchSize = 4, Epochs = 3, Candidates = 0,
    };

    internal static readonly NcnOptions WithAuthors = Small with { CitingAuthors = "authors", CitedAuthors = "authors" };

    internal static readonly string[] Contexts = ["they align sentences by length as in MARK and others", "MARK", "a model of translation MARK is used", "parsing with grammars MARK", "words are counted MARK"];

    internal static readonly string[] Titles = ["Aligning sentences", "The mathematics of translation", "Parsing by chunks", "Counting", "Statistical parsing with the grammar of trees", "The sentences of trees", ""];

    internal static readonly string?[] Citing = ["Ada Lovelace; Alan Turing", "Grace Hopper", null, "Alan Turing", "Grace Hopper; Ada Lovelace; Emmy Noether"];

    internal static readonly string?[] Cited = ["W A Gale; K W Church", "Peter F. Brown", "Steven Abney", null, "Eugene Charniak; Steven Abney", "Peter Brown; Nobody Known", "Steven Abney"];

    internal static Ncn Make(NcnOptions options, TrainingSet? train = null)
    {
        random.manual_seed(3);
        train ??= Train();
        return (Ncn)Ncn.Info.Make(options, train);
    }

    internal static TrainingSet Train(bool hasAuthors = true) => Of(Contexts, Titles, [0, 1, 2, 3, 4, 2], [0, 1, 1, 2, 3, 4], hasAuthors ? Citing : null, hasAuthors ? Cited : null);

    internal static TrainingSet Of(string[] contexts, string[] titles, int[] users, int[] items, string?[]? citing = null, string?[]? cited = null) => new(new Dataset
    {
        Name = "citations",
        Users = new Vocabulary(Enumerable.Range(0, contexts.Length).Select(context => $"c{context}")),
        Items = new Vocabulary(Enumerable.Range(0, titles.Length).Select(title => $"t{title}")),
        Interactions = new Interactions(users, items),
        UserFeatures = Table(new TextColumn("context", contexts), citing),
        ItemFeatures = Table(new TextColumn("title", titles), cited),
    });

    internal static PaddedTexts Titled(Ncn model, params int[] items)
    {
        var (titles, rows) = (new PaddedTexts(), model.Shape.Inputs.OfType<EntityTexts>().Single(text => text.Name == "item-text").Rows);
        titles.Fill(items.Length, place => rows[items[place]]);
        titles.Load(CPU);
        return titles;
    }

    internal static PaddedTexts Padded(params int[][] rows)
    {
        var padded = new PaddedTexts();
        padded.Fill(rows.Length, place => rows[place]);
        padded.Load(CPU);
        return padded;
    }

    internal static TextBatch Batch(Ncn model, int[] users, int[] items)
    {
        var batch = new TextBatch { Count = users.Length, UserBuffer = users, ItemBuffer = items };
        var rows = model.Shape.Inputs.OfType<EntityTexts>().Single(text => text.Name == "item-text").Rows;
        batch.Texts.Fill(items.Length, place => rows[items[place]]);
        batch.Load(CPU);
        return batch;
    }

    private static FeatureTable Table(TextColumn text, string?[]? authors) => new(text.RowCount, authors is null ? [text] : [text, new TextColumn("authors", authors)]);
}
