namespace Tastemaker.Data.Splits;

/// <summary>What happened after training, with every repeat: what metrics of events walk through.</summary>
/// <param name="Requests">The users of the measured events, each with the history known before them.</param>
/// <param name="Predicted">A row per request: the items of the measured events, oldest first, with times.</param>
/// <param name="Observed">A row per user: events that are known when the part is measured but are not trained on, which are those of the validation part when testing. Null for none.</param>
internal sealed record HeldOutEvents(RequestBatch Requests, SparseRows Predicted, SparseRows? Observed);
