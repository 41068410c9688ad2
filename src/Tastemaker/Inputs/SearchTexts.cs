using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Options;
using Tastemaker.Texts;

namespace Tastemaker.Inputs;

/// <summary>Texts of users, and of requests, that search among the texts of items: both in the words that any item's text holds, cold items' too.</summary>
/// <param name="queries">Texts of users.</param>
/// <param name="documents">Texts of items.</param>
internal sealed class SearchTexts(EntityTexts queries, EntityTexts documents) : IRequestInput
{
    private const string QueryName = "search-queries";
    private const string DocumentName = "search-documents";

    /// <summary>Texts of users and of requests; words that no item's text holds are left out.</summary>
    public EntityTexts Queries => queries;

    /// <summary>Texts of all items.</summary>
    public EntityTexts Documents => documents;

    /// <inheritdoc/>
    public bool IsNamed(string feature) => queries.IsNamed(feature);

    /// <summary>The index of the items.</summary>
    /// <param name="k1">See <see cref="Bm25Index"/>.</param>
    /// <param name="b">See <see cref="Bm25Index"/>.</param>
    public Bm25Index Index(double k1, double b) => new(documents.Rows, k1, b);

    /// <summary>Reads the columns.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="query">The texts of users.</param>
    /// <param name="document">The texts of items.</param>
    /// <param name="queryRules">Words of a query at most.</param>
    /// <param name="documentRules">Which words of items are kept, and how many.</param>
    public static SearchTexts Of(TrainingSet train, FeatureColumn query, FeatureColumn document, TextRules queryRules, TextRules documentRules)
    {
        var documents = EntityTexts.Of(train, FieldSource.Item, document, documentRules with { VectorFile = "", Unknown = UnknownWords.Drop, OfAll = true }, DocumentName);
        return new SearchTexts(EntityTexts.Of(train, FieldSource.User, query, queryRules with { VectorFile = "", Unknown = UnknownWords.Drop, Known = documents.Words }, QueryName), documents);
    }

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        queries.Save(saved);
        documents.Save(saved);
    }

    /// <summary>What <see cref="Save"/> wrote; null where there is nothing.</summary>
    public static SearchTexts? Restore(SavedInputs saved) =>
        EntityTexts.Restore(saved, FieldSource.User, QueryName) is { } queries && EntityTexts.Restore(saved, FieldSource.Item, DocumentName) is { } documents ? new SearchTexts(queries, documents) : null;
}

/// <summary>Texts of users that search among those of items, fitted as <see cref="SearchTexts"/>.</summary>
/// <typeparam name="TOptions">The options of the system.</typeparam>
/// <param name="queries">The input of the texts of users.</param>
/// <param name="documents">The input of the texts of items.</param>
/// <param name="isWanted">Whether the options ask for a search.</param>
internal sealed class SearchOf<TOptions>(TextOf<TOptions> queries, TextOf<TOptions> documents, Func<TOptions, bool>? isWanted = null) : IInput
    where TOptions : ModelOptions
{
    /// <inheritdoc/>
    public string? Text => null;

    /// <inheritdoc/>
    public bool IsRequired => false;

    /// <inheritdoc/>
    public IFittedInput? Fit(TrainingSet train, ModelOptions options) => isWanted?.Invoke((TOptions)options) == false
        ? null
        : SearchTexts.Of(train, queries.Column(train, options), documents.Column(train, options), queries.Rules(options), documents.Rules(options));

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => SearchTexts.Restore(saved);
}
