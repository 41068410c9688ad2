using Tastemaker.Onnx.Graphs;

namespace Tastemaker.Onnx.Systems;

/// <summary>How a system becomes a graph.</summary>
/// <param name="System">Its id.</param>
/// <param name="Scores">Adds the operations that give the scores [batch, items].</param>
/// <param name="ReadsHistories">Whether histories are an input, so that anyone is answered; else only users of the training data are.</param>
internal sealed record Exporter(string System, Func<GraphSource, OnnxValue> Scores, bool ReadsHistories = false);
