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
