using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>The users of the training data by one of their features: what each group has.</summary>
/// <param name="Feature">The feature, such as "country".</param>
/// <param name="Categories">Its categories.</param>
/// <param name="Users">Number of users of each category.</param>
/// <param name="Counts">A row a category: items, with the number of its users who have each as value.</param>
internal sealed record Segment(string Feature, Vocabulary Categories, int[] Users, SparseRows Counts);
