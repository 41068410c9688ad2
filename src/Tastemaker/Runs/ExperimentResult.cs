using Tastemaker.Configuration;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>What a run gave.</summary>
/// <param name="Configuration">What was run.</param>
/// <param name="Recommender">The trained system; the caller's to dispose.</param>
/// <param name="Test">Its figures on the test part.</param>
/// <param name="End">How training ended; null where a completed run was read back from its folder.</param>
/// <param name="Folder">Where it is stored; null where it is not.</param>
internal sealed record ExperimentResult(
    RunConfiguration Configuration, TrainedRecommender Recommender, EvaluationResult Test, TrainingEvent.Finished? End, RunFolder? Folder);
