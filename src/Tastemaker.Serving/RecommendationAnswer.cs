using Tastemaker.Recommending;

namespace Tastemaker.Serving;

/// <summary>The answer to a query.</summary>
/// <param name="Items">Best item first: as many as asked for, or all that remain.</param>
/// <param name="Strategy">Who answered: the system as trained, its fold-in of new events, features, or popularity.</param>
/// <param name="Notes">What the reader should know; usually empty.</param>
/// <param name="Model">The version of the model that answered.</param>
public sealed record RecommendationAnswer(IReadOnlyList<RecommendedItem> Items, AnswerSource Strategy, IReadOnlyList<string> Notes, string Model);

/// <summary>A recommended item.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
/// <param name="Score">The system's score; comparable only inside one list.</param>
/// <param name="Because">Where asked for: items of the history that speak for it, strongest first.</param>
public sealed record RecommendedItem(string Item, string? Title, float Score, IReadOnlyList<Reason>? Because = null);

/// <summary>
/// What speaks for a recommended item: an item of the history, for systems that read histories; or a feature, for systems that read features.
/// </summary>
/// <param name="Item">The identifier of the item of the history; null for a feature.</param>
/// <param name="Title">The item's title where known.</param>
/// <param name="Weight">
/// How much the recommended item's score falls without it: when the item is left out of the history, beside the item's fellows in the catalog; when the feature is
/// left blank, as a difference of logits.
/// </param>
/// <param name="Feature">The feature, such as "item.genres"; null for an item.</param>
/// <param name="Value">What the feature is, such as "Comedy", where that can be said in a word.</param>
public sealed record Reason(string? Item, string? Title, float Weight, string? Feature = null, string? Value = null);
