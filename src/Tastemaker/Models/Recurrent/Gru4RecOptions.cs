using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// Hyper-parameters of GRU4Rec. The defaults are those published with the official code for the RSC15 data set with cross-entropy;
/// <see cref="GradientModelOptions.BatchSize"/> is the number of lanes, that is, sessions walked through at once.
/// </summary>
public sealed record Gru4RecOptions : GradientModelOptions
{
    /// <summary>Adagrad at 0.1, 32 lanes, 10 epochs.</summary>
    public Gru4RecOptions()
    {
        Optimizer = OptimizerKind.Adagrad;
        LearningRate = 0.1;
        BatchSize = 32;
        Epochs = 10;
    }

    /// <summary>Units of each recurrent layer; one layer is best. <value>100</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("64", "100", "224", "512")]
    public IReadOnlyList<int> Layers { get; init; } = [100];

    /// <summary>How an item enters the network. <value>shared</value></summary>
    public Gru4RecInput Input { get; init; } = Gru4RecInput.Shared;

    /// <summary>Length of the vectors of <see cref="Gru4RecInput.Separate"/>. <value>100</value></summary>
    [Range(1, 65_536)]
    public int EmbeddingDimension { get; init; } = 100;

    /// <summary>What is minimised. <value>cross-entropy</value></summary>
    [SearchChoices("cross-entropy", "bpr-max")]
    public Gru4RecLoss Loss { get; init; } = Gru4RecLoss.CrossEntropy;

    /// <summary>Items a step that are negatives of all lanes, beside the other lanes' targets. <value>2048</value></summary>
    [Range(0, 1_000_000)]
    public int Samples { get; init; } = 2048;

    /// <summary>Samples are drawn in proportion to (number of training events of the item) ^ alpha: 0 uniform, 1 by popularity. <value>0.75</value></summary>
    [Range(0.0, 1.0)]
    [Search(0.0, 1.0)]
    public double Alpha { get; init; } = 0.75;

    /// <summary>Strength of the popularity correction of cross-entropy in training. <value>1</value> Not used by other losses.</summary>
    [Range(0.0, 1.0)]
    public double LogQ { get; init; } = 1;

    /// <summary>Factor of the score regulariser of BPR-max. <value>1</value> Not used by other losses.</summary>
    [Range(0.0, 10.0)]
    [Search(0.0, 2.0)]
    [OnlyWith("loss", "bpr-max")]
    public double BprRegularization { get; init; } = 1;

    /// <summary>Scores pass through ELU of this alpha before the ranking losses; 0 for none. <value>0.5</value> Not used by cross-entropy.</summary>
    [Range(0.0, 10.0)]
    public double Elu { get; init; } = 0.5;

    /// <summary>Dropout of the looked-up input. <value>0.1</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double EmbeddingDropout { get; init; } = 0.1;

    /// <summary>Dropout of the output of each layer, which is also what is carried to the next step. <value>0</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.7)]
    public double HiddenDropout { get; init; }
}
