using System.Text.Json;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>
/// The texts that users wrote about items in training, as word indexes, and who wrote what about what: a user's document is all that the user wrote, an item's all that was written about it.
/// Texts of held-out rows are never among them: they are not in a training set.
/// </summary>
internal sealed class ReviewTexts : IFittedInput
{
    private const string Prefix = "reviews.";
    private const string WordFile = "words.json";

    private ReviewTexts(Vocabulary words, SparseRows texts, int[] users, int[] items, (int Users, int Items) counts, int documentWords, float meanValue)
    {
        (Words, Texts, Users, Items, DocumentWords, MeanValue) = (words, texts, users, items, documentWords, meanValue);
        OfUsers = Documents(users, counts.Users);
        OfItems = Documents(items, counts.Items);
    }

    /// <summary>The words; a word's index in a text is one more than here, and 0 is padding.</summary>
    public Vocabulary Words { get; }

    /// <summary>A row per text: word indexes in order.</summary>
    public SparseRows Texts { get; }

    /// <summary>Who wrote each text.</summary>
    public int[] Users { get; }

    /// <summary>What each text is about.</summary>
    public int[] Items { get; }

    /// <summary>Words that a document has, but for the last text, at most.</summary>
    public int DocumentWords { get; }

    /// <summary>The mean of the training values.</summary>
    public float MeanValue { get; }

    /// <summary>Vectors of the words that a file gives; null without one, and in a model that was saved.</summary>
    public WordVectors? Vectors { get; private init; }

    /// <summary>Length of the vectors of the file; null without one.</summary>
    public int? VectorDimension { get; private init; }

    /// <summary>A row per user: the texts of the user's document.</summary>
    public SparseRows OfUsers { get; }

    /// <summary>A row per item: the texts of the item's document.</summary>
    public SparseRows OfItems { get; }

    /// <summary>The texts of training rows.</summary>
    /// <param name="train">The data.</param>
    /// <param name="column">The text of each row.</param>
    /// <param name="rules">Which words are kept, and how many.</param>
    public static ReviewTexts Of(TrainingSet train, FeatureColumn column, ReviewRules rules)
    {
        var (words, rows) = Tastemaker.Texts.Documents.Of(column);
        var known = WordFit.Of(words, rows, [.. Enumerable.Repeat(true, rows.RowCount)], new WordRules { Words = rules.Words, MinimumCount = rules.MinimumCount }).Known;
        var texts = new WordSequencer(known, StopWords.None, rules.TextWords, UnknownWords.Drop).Encode(column);
        int[] written = [.. Enumerable.Range(0, texts.RowCount).Where(row => texts.Length(row) > 0)];
        var (users, items) = (train.Interactions.Users.ToArray(), train.Interactions.Items.ToArray());
        var vectors = rules.VectorFile.Length > 0 ? WordVectors.Read(rules.VectorFile, known) : null;
        return new ReviewTexts(
            known, texts.Gather(written), Array.ConvertAll(written, row => users[row]), Array.ConvertAll(written, row => items[row]), (train.UserCount, train.ItemCount), rules.DocumentWords,
            train.Interactions.HasValues ? (float)train.Interactions.Values.ToArray().Average(value => (double)value) : 1)
        {
            Vectors = vectors,
            VectorDimension = vectors?.Dimension,
        };
    }

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        saved.Write(WordFile, JsonSerializer.Serialize(Words.Ids) + "\n");
        saved.Tensors[Prefix + "offsets"] = tensor(Texts.Offsets.ToArray());
        saved.Tensors[Prefix + "words"] = tensor(Texts.Columns.ToArray());
        saved.Tensors[Prefix + "users"] = tensor(Users);
        saved.Tensors[Prefix + "items"] = tensor(Items);
        saved.Tensors[Prefix + "document-words"] = tensor(DocumentWords);
        saved.Tensors[Prefix + "mean"] = tensor(MeanValue);
        if (VectorDimension is { } dimension)
        {
            saved.Tensors[Prefix + "vector-dimension"] = tensor(dimension);
        }
    }

    /// <summary>What <see cref="Save"/> wrote; null where there is nothing.</summary>
    public static ReviewTexts? Restore(SavedInputs saved)
    {
        if (saved.Read(WordFile) is not { } text)
        {
            return null;
        }

        int[] Numbers(string name) => saved.Tensors[Prefix + name].ToValues<int>();
        var words = new Vocabulary(JsonSerializer.Deserialize<string[]>(text)!);
        return new ReviewTexts(
            words, new SparseRows(Numbers("offsets"), Numbers("words"), words.Count + 1), Numbers("users"), Numbers("items"),
            ((int)saved.Card["users"]!, (int)saved.Card["items"]!), Numbers("document-words")[0], saved.Tensors[Prefix + "mean"].ToValues<float>()[0])
        {
            VectorDimension = saved.Tensors.TryGetValue(Prefix + "vector-dimension", out var dimension) ? dimension.ToValues<int>()[0] : null,
        };
    }

    private SparseRows Documents(int[] owners, int count)
    {
        var (documents, words) = (Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray(), new int[count]);
        for (var text = 0; text < owners.Length; text++)
        {
            var owner = owners[text];
            if (words[owner] < DocumentWords)
            {
                documents[owner].Add(text);
                words[owner] += Texts.Length(text);
            }
        }

        return SparseRows.FromRows(documents, Math.Max(1, owners.Length));
    }
}

/// <summary>Which words of reviews are read.</summary>
/// <param name="Column">The column that holds them; "" for the one that is named like it, or the only text.</param>
internal sealed record ReviewRules(string Column)
{
    /// <summary>A file of word vectors (word2vec or GloVe); "" for none.</summary>
    public string VectorFile { get; init; } = "";

    /// <summary>Number of words at most, those with the largest sum of tf-idf.</summary>
    public int Words { get; init; } = 50_000;

    /// <summary>Reviews that must hold a word.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Words of a review at most.</summary>
    public int TextWords { get; init; } = 500;

    /// <summary>Words of a document at most.</summary>
    public int DocumentWords { get; init; } = 1000;
}

/// <summary>Reviews: a text in the rows of the training data, fitted as <see cref="ReviewTexts"/>.</summary>
/// <typeparam name="TOptions">The options of the system.</typeparam>
/// <param name="rules">What the options say of them.</param>
internal sealed class Reviews<TOptions>(Func<TOptions, ReviewRules> rules) : IInput
    where TOptions : ModelOptions
{
    private static readonly string[] Names = ["review", "reviews", "review_text", "reviewtext", "review text", "review_body", "text", "comment", "body", "content"];

    /// <inheritdoc/>
    public string Text => "reviews (a text of each interaction)";

    /// <inheritdoc/>
    public bool IsRequired => true;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system)
    {
        var named = rules((TOptions)options).Column;
        TextColumn[] texts = [.. train.Data.InteractionFeatures?.Columns.OfType<TextColumn>() ?? []];
        if (texts.Length == 0)
        {
            yield return $"{system} reads what users write about items and the rows of '{train.Data.Name}' have no text: import a file with a column of reviews beside user and item.";
        }
        else if (Find(train.Data, named) is not { } column)
        {
            yield return named.Length > 0
                ? $"'{train.Data.Name}' has no text '{named}' in its rows. There is {string.Join(", ", texts.Select(text => text.Name))}."
                : $"The rows of '{train.Data.Name}' have several texts: choose one by review-column={string.Join(" or review-column=", texts.Select(text => text.Name))}.";
        }
        else if (Array.TrueForAll(column.Values, string.IsNullOrWhiteSpace))
        {
            yield return $"The column '{column.Name}' of '{train.Data.Name}' is empty in all training rows; {system} has nothing to read. Name another column in review-column.";
        }
    }

    /// <inheritdoc/>
    public IFittedInput Fit(TrainingSet train, ModelOptions options)
    {
        var chosen = rules((TOptions)options);
        var column = Find(train.Data, chosen.Column) ?? throw new InputException([.. Problems(train, options, "The system")]);
        return ReviewTexts.Of(train, column, chosen);
    }

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => ReviewTexts.Restore(saved);

    private static TextColumn? Find(Dataset data, string named)
    {
        TextColumn[] texts = [.. data.InteractionFeatures?.Columns.OfType<TextColumn>() ?? []];
        return named.Length > 0
            ? Array.Find(texts, text => string.Equals(text.Name, named, StringComparison.OrdinalIgnoreCase))
            : texts.Length == 1 ? texts[0] : Names.Select(name => Array.Find(texts, text => string.Equals(text.Name, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(text => text is not null);
    }
}
