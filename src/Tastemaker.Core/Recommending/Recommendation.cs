using System.Text.Json.Serialization;

namespace Tastemaker.Recommending;

/// <summary>One recommended item.</summary>
/// <param name="Item">Identifier of the item.</param>
/// <param name="Title">Its title where the data has one.</param>
/// <param name="Score">The system's score; larger is better; comparable only inside one list.</param>
/// <param name="Because">Where asked for: what speaks for the item, strongest first.</param>
public sealed record Recommendation(
    string Item, string? Title, float Score, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Reason>? Because = null)
{
    /// <summary>When the user is expected at the item, by systems that tell (<see cref="IEventPredictor"/>), counted from the last training event if nothing happens in between; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Expected { get; init; }
}

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

/// <summary>The answer to a request, best item first; equal scores are ordered by item index.</summary>
/// <param name="Items">Exactly as many as asked for, or all candidates that remain. Scores are never NaN.</param>
/// <param name="Strategy">What produced the list.</param>
/// <param name="Notes">What the reader should know, such as history items the system does not know; usually empty.</param>
public sealed record RecommendationList(IReadOnlyList<Recommendation> Items, AnswerSource Strategy, IReadOnlyList<string> Notes)
{
    /// <summary>The version of the model that answered, where a service did; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }
}
