namespace Tastemaker.Serving.Retraining;

/// <summary>Whether training while serving fails, for readiness and whoever watches it. Thread-safe.</summary>
internal sealed class RetrainingHealth
{
    private readonly Lock changing = new();
    private (int Failures, DateTimeOffset Since) state;

    /// <summary>How many trainings failed one after the other, and when the first of them did; no failures where the last one came to an end.</summary>
    public (int Failures, DateTimeOffset Since) State
    {
        get
        {
            lock (changing)
            {
                return state;
            }
        }
    }

    /// <summary>A training came to an end, whether or not its model took over.</summary>
    public void Succeed()
    {
        lock (changing)
        {
            state = default;
        }
    }

    /// <summary>A training failed.</summary>
    public void Fail(DateTimeOffset now)
    {
        lock (changing)
        {
            state = (state.Failures + 1, state.Failures == 0 ? now : state.Since);
        }
    }
}

/// <summary>What a retraining led to.</summary>
/// <param name="Swapped">Whether the new model answers now; if not, the old one goes on.</param>
/// <param name="Metric">What was compared, such as "ndcg@10", on the newest slice of the store's interactions.</param>
/// <param name="Before">The figure of the model that answered.</param>
/// <param name="After">The figure of the new one.</param>
/// <param name="Requests">Over how many users.</param>
/// <param name="Model">The model that answers now.</param>
/// <param name="Notes">What the operator should know of the data: what became of interactions without values, for example.</param>
public sealed record RetrainingOutcome(bool Swapped, string Metric, double Before, double After, int Requests, ModelCard Model, IReadOnlyList<string> Notes);
