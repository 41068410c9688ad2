namespace Tastemaker.Serving.Retraining;

/// <summary>What a retraining led to.</summary>
/// <param name="Swapped">Whether the new model answers now; if not, the old one goes on.</param>
/// <param name="Metric">What was compared, such as "ndcg@10", on the newest slice of the store's interactions.</param>
/// <param name="Before">The figure of the model that answered.</param>
/// <param name="After">The figure of the new one.</param>
/// <param name="Requests">Over how many users.</param>
/// <param name="Model">The model that answers now.</param>
/// <param name="Notes">What the operator should know of the data: what became of interactions without values, for example.</param>
public sealed record RetrainingOutcome(bool Swapped, string Metric, double Before, double After, int Requests, ModelCard Model, IReadOnlyList<string> Notes);
