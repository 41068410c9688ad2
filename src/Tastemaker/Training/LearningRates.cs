using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>The learning rate of every step of a run: a rise from 0, then the schedule. A function of the step alone, so resuming needs no state.</summary>
internal sealed record LearningRates(LearningRateSchedule Schedule, int WarmupSteps, long TotalSteps)
{
    /// <summary>The factor on the learning rate at a step (from 0).</summary>
    public double At(long step)
    {
        if (step < WarmupSteps)
        {
            return (step + 1.0) / WarmupSteps;
        }

        var done = Math.Min(1, (step - WarmupSteps) / (double)Math.Max(1, TotalSteps - WarmupSteps));
        return Schedule switch
        {
            LearningRateSchedule.Linear => 1 - done,
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * done)) / 2,
            LearningRateSchedule.Exponential => Math.Pow(0.01, done),
            _ => 1,
        };
    }
}
