namespace Tastemaker.Tuning.Trials;

/// <summary>What a search asks of a worker process: a line of JSON on its standard input.</summary>
/// <param name="Folder">The run folder of the trial; its run.yaml says what to train.</param>
/// <param name="Until">Epochs to rest at; null to train to the end.</param>
internal sealed record WorkerTask(string Folder, int? Until);

/// <summary>What the worker answers: a line of JSON on its standard output.</summary>
/// <param name="Result">The result; null where the worker could not work.</param>
/// <param name="Error">Why not, for people; null where it was stopped.</param>
internal sealed record WorkerAnswer(TrialResult? Result, string? Error);
