using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>
/// Where fitted inputs lie in a model folder: small facts in the card, numbers among the weights, texts in files of their own. Every input uses names of its own.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="card">The part of the card that tells the shape of the model.</param>
/// <param name="tensors">Tensors by name; those that are added are the writer's to dispose.</param>
public sealed class SavedInputs(string folder, JsonObject card, IDictionary<string, Tensor> tensors)
{
    /// <summary>The part of the card that tells the shape of the model.</summary>
    public JsonObject Card => card;

    /// <summary>Tensors by name.</summary>
    public IDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Writes a file of text.</summary>
    public void Write(string name, string text) => AtomicFile.WriteText(Path.Combine(folder, name), text);

    /// <summary>Reads a file of text; null where there is none.</summary>
    public string? Read(string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllText(path) : null;
}
