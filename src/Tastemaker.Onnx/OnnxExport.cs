namespace Tastemaker.Onnx;

/// <summary>What an export wrote, and how near the scores of the file are to those of the recommender.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Inputs">Names of the graph's inputs.</param>
/// <param name="ReadsHistories">Whether histories are among them, so that anyone is answered; else only users of the training data are.</param>
/// <param name="Requests">Requests whose scores of all items were compared.</param>
/// <param name="LargestDifference">The largest difference of a score: absolute where a score is 1 or less, else as a share of it.</param>
public sealed record OnnxExport(string Path, long Bytes, IReadOnlyList<string> Inputs, bool ReadsHistories, int Requests, double LargestDifference);
