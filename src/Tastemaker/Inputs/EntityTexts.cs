using System.Text.Json;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>
/// A text of each user (a post, a question, the words around a citation) or of each item (an abstract, a plot) as word indexes in their order. The vocabulary is fitted to the texts of users or items
/// that occur in training; the texts of all are kept, so that cold items and known users are read without the data. A text may be a dialogue: then 0 stands between its turns.
/// </summary>
internal sealed class EntityTexts : IRequestInput
{
    private readonly WordSequencer sequencer;

    private EntityTexts(string name, FieldSource side, string column, Vocabulary words, SparseRows rows, int mostWords, UnknownWords unknown, TurnRules? turns)
    {
        (Name, Side, Column, Words, Rows, MostWords, Unknown, Turns) = (name, side, column, words, rows, mostWords, unknown, turns);
        sequencer = new WordSequencer(words, StopWords.None, mostWords, unknown);
    }

    /// <summary>What it is saved as.</summary>
    public string Name { get; }

    /// <summary>Whose texts.</summary>
    public FieldSource Side { get; }

    /// <summary>The column; requests name the text by it.</summary>
    public string Column { get; }

    /// <summary>The words; a word's index in a text is one more than here, and 0 is padding.</summary>
    public Vocabulary Words { get; }

    /// <summary>A row per user or item: word indexes in order, with 0 between the turns of a dialogue.</summary>
    public SparseRows Rows { get; }

    /// <summary>How turns are read; null where a text has none.</summary>
    public TurnRules? Turns { get; }

    /// <summary>Number of indexes, padding included: the rows of a table of vectors.</summary>
    public int Size => sequencer.Size;

    /// <summary>The index of all unknown words; null where they are left out.</summary>
    public int? UnknownIndex => Unknown is UnknownWords.Keep ? Words.Count + 1 : null;

    /// <summary>Number of distinct words of all texts, also of those that training lacks, that are not among <see cref="Words"/>.</summary>
    public int UnknownCount { get; private init; }

    /// <summary>Vectors of the words that a file gives; null without one, and in a model that was saved.</summary>
    public WordVectors? Vectors { get; private init; }

    /// <summary>Length of the vectors of the file; null without one.</summary>
    public int? VectorDimension { get; private init; }

    private int MostWords { get; }

    private UnknownWords Unknown { get; }

    /// <summary>The texts of a column.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="side">Whose texts.</param>
    /// <param name="column">The texts, a row per user or item.</param>
    /// <param name="rules">Which words are kept, and how many.</param>
    /// <param name="name">What it is saved as; null for the name of the side.</param>
    /// <param name="further">Texts of nobody, whose words are known too.</param>
    public static EntityTexts Of(TrainingSet train, FieldSource side, FeatureColumn column, TextRules rules, string? name = null, IReadOnlyList<string>? further = null)
    {
        var all = further is { Count: > 0 } ? new TextColumn(column.Name, [.. Whole(column).Values, .. further]) : column;
        var (words, documents) = rules.Turns is null ? Documents.Of(all) : DialogueTurns.Of(Whole(all), rules.Turns).Documents();
        var isTrained = new bool[documents.RowCount];
        isTrained.AsSpan().Fill(rules.OfAll);
        foreach (var entity in side is FieldSource.User ? train.Interactions.Users : train.Interactions.Items)
        {
            isTrained[entity] = true;
        }

        isTrained.AsSpan(column.RowCount).Fill(true);
        var known = rules.Known ?? WordFit.Of(words, documents, isTrained, new WordRules { Words = rules.Words, MinimumCount = rules.MinimumCount }).Known;
        var vectors = rules.VectorFile.Length > 0 ? WordVectors.Read(rules.VectorFile, known) : null;
        var reading = new WordSequencer(known, StopWords.None, rules.MostWords, rules.Unknown);
        var rows = rules.Turns is null ? reading.Encode(column) : DialogueTurns.Of(Whole(column), rules.Turns).Encode(reading, rules.Turns);
        return new EntityTexts(name ?? NameOf(side), side, column.Name, known, rows, rules.MostWords, rules.Unknown, rules.Turns)
        {
            UnknownCount = words.Ids.Count(word => known.IndexOf(word) < 0),
            Vectors = vectors,
            VectorDimension = vectors?.Dimension,
        };
    }

    /// <summary>The word indexes of a text, with 0 between the turns of a dialogue.</summary>
    public int[] Encode(string text) => Turns is null ? sequencer.Encode(text) : [.. DialogueTurns.Of(new TextColumn(Column, [text]), Turns).Encode(sequencer, Turns)[0]];

    /// <summary>A text that is read as these word indexes, among which are no unknown words.</summary>
    public string Decode(IEnumerable<int> indexes) => string.Join(' ', indexes.Select(word => word == 0 ? Turns!.Mark : Words[word - 1]));

    /// <summary>The text of a request: what it says, else that of the known user; empty where there is neither.</summary>
    public int[] Of(RequestBatch requests, int request)
    {
        foreach (var (name, text) in requests.Features(request) ?? new Dictionary<string, string>())
        {
            if (IsNamed(name))
            {
                return Encode(text);
            }
        }

        return requests.Users[request] >= 0 ? Rows[requests.Users[request]].ToArray() : [];
    }

    /// <summary>Whether a feature of a request is this text; never where it is one of items.</summary>
    public bool IsNamed(string feature) => Side is FieldSource.User && FieldSyntax.IsNamed(feature, Side, Column);

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        saved.Write($"{Name}.json", JsonSerializer.Serialize(new SavedText(Column, MostWords, Unknown is UnknownWords.Keep, VectorDimension, Words.Ids, Turns, UnknownCount)) + "\n");
        saved.Tensors[$"{Name}.offsets"] = tensor(Rows.Offsets.ToArray());
        saved.Tensors[$"{Name}.words"] = tensor(Rows.Columns.ToArray());
    }

    /// <summary>What <see cref="Save"/> wrote; null where there is nothing.</summary>
    public static EntityTexts? Restore(SavedInputs saved, FieldSource side, string? name = null)
    {
        name ??= NameOf(side);
        if (saved.Read($"{name}.json") is not { } text)
        {
            return null;
        }

        var told = JsonSerializer.Deserialize<SavedText>(text)!;
        var words = new Vocabulary(told.Words);
        int[] Numbers(string part) => saved.Tensors[$"{name}.{part}"].ToValues<int>();
        return new EntityTexts(
            name, side, told.Column, words, new SparseRows(Numbers("offsets"), Numbers("words"), words.Count + (told.KeepsUnknown ? 2 : 1)), told.MostWords, told.KeepsUnknown ? UnknownWords.Keep : UnknownWords.Drop, told.Turns)
        {
            UnknownCount = told.UnknownCount,
            VectorDimension = told.VectorDimension,
        };
    }

    private static TextColumn Whole(FeatureColumn column) => column as TextColumn ?? new TextColumn(column.Name, [.. Enumerable.Range(0, column.RowCount).Select(column.Describe)]);

    private static string NameOf(FieldSource side) => $"{FieldSyntax.Prefix(side)}-text";

    private sealed record SavedText(string Column, int MostWords, bool KeepsUnknown, int? VectorDimension, IReadOnlyList<string> Words, TurnRules? Turns = null, int UnknownCount = 0);
}

/// <summary>Which words of a text are read.</summary>
/// <param name="Column">The column that holds it; "" for the only text, or the one that is named like a text.</param>
internal sealed record TextRules(string Column)
{
    /// <summary>What the options of a system with word embeddings say: unknown words keep their place.</summary>
    public static TextRules Of(TextOptions options, int mostWords) =>
        new(options.TextColumn) { VectorFile = options.WordVectors, MinimumCount = options.MinimumCount, MostWords = mostWords, Unknown = UnknownWords.Keep };

    /// <summary>A file of word vectors (word2vec or GloVe); "" for none.</summary>
    public string VectorFile { get; init; } = "";

    /// <summary>Number of words at most, those with the largest sum of tf-idf.</summary>
    public int Words { get; init; } = 50_000;

    /// <summary>Training texts that must hold a word.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Words of a text, or of a turn of a dialogue, at most; the first are read.</summary>
    public int MostWords { get; init; } = 200;

    /// <summary>How turns are read where texts are dialogues; null where they are not.</summary>
    public TurnRules? Turns { get; init; }

    /// <summary>Whether words are those of all texts, also of items that training lacks: for a search, which learns nothing.</summary>
    public bool OfAll { get; init; }

    /// <summary>The words, where other texts tell them; null where these texts do.</summary>
    public Vocabulary? Known { get; init; }

    /// <summary>What becomes of words that training did not teach.</summary>
    public UnknownWords Unknown { get; init; } = UnknownWords.Drop;
}

/// <summary>A text of each user or item, fitted as <see cref="EntityTexts"/>.</summary>
/// <typeparam name="TOptions">The options of the system.</typeparam>
/// <param name="side">Whose text.</param>
/// <param name="rules">What the options say of it.</param>
/// <param name="option">The option that names the column.</param>
internal sealed class TextOf<TOptions>(FieldSource side, Func<TOptions, TextRules> rules, string option = "text-column") : IInput
    where TOptions : ModelOptions
{
    private static readonly string[] Names = ["text", "content", "post", "body", "question", "abstract", "description", "overview", "plot", "summary", "title", "name"];

    /// <inheritdoc/>
    public string Text => side is FieldSource.User ? "a text of each user" : "a text of each item";

    /// <inheritdoc/>
    public bool IsRequired => true;

    /// <inheritdoc/>
    public bool IsOfFeatures => true;

    /// <summary>Whether the model is made with the texts; not where another input reads them.</summary>
    public bool IsFitted { get; init; } = true;

    /// <summary>What options say of the text.</summary>
    public TextRules Rules(ModelOptions options) => rules((TOptions)options);

    private string Whose => side is FieldSource.User ? "users" : "items";

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system)
    {
        var (named, texts) = (rules((TOptions)options).Column, Texts(train.Data));
        if (texts.Length == 0)
        {
            var categories = FieldSyntax.Table(train.Data, side)?.Columns.OfType<CategoricalColumn>().Select(column => column.Name).ToList() ?? [];
            yield return $"{system} reads a text of each of the {Whose}, and those of '{train.Data.Name}' have none: import a file of {Whose} with a column of texts ({(side is FieldSource.User ? "user-file" : "item-file")})."
                + (categories.Count == 0 ? "" : $" Columns with few different values were read as categories; one of them is a text if you say so: feature {string.Join("=text or ", categories)}=text.");
        }
        else if (Find(train.Data, named) is not { } column)
        {
            var names = texts.Select(text => text.Name);
            yield return named.Length > 0
                ? $"The {Whose} of '{train.Data.Name}' have no text '{named}'. There is {string.Join(", ", names)}."
                : $"The {Whose} of '{train.Data.Name}' have several texts: choose one by {option}={string.Join($" or {option}=", names)}.";
        }
        else if (Documents.Of(column).Rows.EntryCount == 0)
        {
            yield return $"The text '{column.Name}' of '{train.Data.Name}' has no words; {system} has nothing to read. Name another in {option}.";
        }
    }

    /// <inheritdoc/>
    public IFittedInput? Fit(TrainingSet train, ModelOptions options) => IsFitted ? EntityTexts.Of(train, side, Column(train, options), Rules(options)) : null;

    /// <summary>The column.</summary>
    /// <exception cref="InputException">There is none, or several and the options name none.</exception>
    public FeatureColumn Column(TrainingSet train, ModelOptions options) => Find(train.Data, Rules(options).Column) ?? throw new InputException([.. Problems(train, options, "The system")]);

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => EntityTexts.Restore(saved, side);

    private FeatureColumn[] Texts(Dataset data) => [.. FieldSyntax.Table(data, side)?.Columns.Where(Documents.IsText) ?? []];

    private FeatureColumn? Find(Dataset data, string named)
    {
        var texts = Texts(data);
        return named.Length > 0
            ? Array.Find(texts, text => string.Equals(text.Name, named, StringComparison.OrdinalIgnoreCase))
            : texts.Length == 1 ? texts[0] : Names.Select(name => Array.Find(texts, text => string.Equals(text.Name, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(text => text is not null);
    }
}
