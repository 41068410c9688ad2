using Tastemaker.Data;
using Tastemaker.Options;

namespace Tastemaker.Inputs;

/// <summary>
/// Something that a system reads from the data beyond pairs of user and item. A catalog entry lists its inputs; each is checked before anything trains, fitted on training
/// data only, and saved and restored with the model. A new kind of input is a new class: nothing else lists the kinds.
/// </summary>
public interface IInput
{
    /// <summary>What it is, as documentation names it after "needs" or "may read": "values", "features of items"; null for what every data set has.</summary>
    string? Text { get; }

    /// <summary>Whether the system cannot learn without it.</summary>
    bool IsRequired { get; }

    /// <summary>Whether it describes users, items or rows, so that an experiment on the data is one on features.</summary>
    bool IsOfFeatures => false;

    /// <summary>Why the system cannot learn from the data, each with the remedy.</summary>
    /// <param name="train">The training data, of one interaction or more.</param>
    /// <param name="options">The options of the system.</param>
    /// <param name="system">Name of the system, for messages.</param>
    IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system) => [];

    /// <summary>What the model is made with; null where it is made with nothing that need be kept.</summary>
    /// <param name="train">The training data, in which <see cref="Problems"/> found nothing.</param>
    /// <param name="options">The options of the system.</param>
    /// <exception cref="InputException">The options name what the data lacks.</exception>
    IFittedInput? Fit(TrainingSet train, ModelOptions options) => null;

    /// <summary>What <see cref="IFittedInput.Save"/> wrote; null where the model has none.</summary>
    IFittedInput? Restore(SavedInputs saved) => null;
}

/// <summary>A fitted input that requests may bring anew: a text of their own, authors.</summary>
internal interface IRequestInput : IFittedInput
{
    /// <summary>Whether a feature of a request is this input.</summary>
    bool IsNamed(string feature);
}

/// <summary>An <see cref="IInput"/> as training data made it: a vocabulary, a scale, documents, a graph. Part of the model's shape, and of its artifact.</summary>
public interface IFittedInput
{
    /// <summary>Writes it beside the weights.</summary>
    void Save(SavedInputs saved);
}
