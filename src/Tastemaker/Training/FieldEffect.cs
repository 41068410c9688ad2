namespace Tastemaker.Training;

/// <summary>What a field of features does to an item's score.</summary>
/// <param name="Field">The field, as options name it, such as "item.genres".</param>
/// <param name="Value">What the row holds there, in words; null where that has none.</param>
/// <param name="Weight">By how much the logit falls when the field is left blank.</param>
internal readonly record struct FieldEffect(string Field, string? Value, float Weight);
