using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>Settings that were not tried: training is deterministic, so trying one again would tell nothing.</summary>
internal static class UntriedSettings
{
    private const int Attempts = 50;

    /// <summary>Proposes until a setting is new; after many attempts the first new one in order, null where there is none.</summary>
    public static TrialPoint? Of(Func<TrialPoint> propose, SearchSpace space, IReadOnlyList<Observation> seen)
    {
        var tried = Tried(seen);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (propose() is var point && !tried.Contains(point.Text))
            {
                return point;
            }
        }

        return First(space, seen);
    }

    /// <summary>The first new setting in order; null where all were tried or a range cannot be listed.</summary>
    public static TrialPoint? First(SearchSpace space, IReadOnlyList<Observation> seen)
    {
        var tried = Tried(seen);
        return space.Points().FirstOrDefault(point => !tried.Contains(point.Text));
    }

    private static HashSet<string> Tried(IReadOnlyList<Observation> seen) => [.. seen.Select(observation => observation.Point.Text)];
}
