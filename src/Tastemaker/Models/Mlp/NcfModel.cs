using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>The hyper-parameters that GMF, MLP and NeuMF (He et al. 2017) share.</summary>
public abstract record NcfOptions : GradientModelOptions
{
    /// <summary>Items a positive that the user does not have, drawn uniformly and anew every epoch. <value>4</value> The paper found 3 to 6 best.</summary>
    [Range(1, 1000)]
    [Search(1, 10)]
    public int Negatives { get; init; } = 4;
}

/// <summary>
/// What GMF, MLP and NeuMF share (He et al. 2017, section 3.1): a logit a pair of user and item, learned from each interaction and some pairs that
/// did not occur, with logistic loss.
/// </summary>
internal abstract class NcfModel(string name, ModelShape shape, NcfOptions options) : Model(name, shape, options)
{
    /// <summary>Logits of pairs: ids [B] and [B] to [B].</summary>
    protected abstract Tensor Logits(Tensor users, Tensor items);

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override GradientTraining<PointwiseBatch> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, Batches(train), Loss);

    /// <summary>Each interaction, and pairs that did not occur.</summary>
    protected IBatchSource<PointwiseBatch> Batches(TrainingSet train) => new PointwiseSource(train, options.ExamplesPerUpdate, options.Negatives);

    /// <summary>An entry for the catalog.</summary>
    protected static SystemInfo Entry<TOptions>(string id, string name, string summary, Func<TOptions, ModelShape, Model> create, ScoreGraph? graph = null)
        where TOptions : ModelOptions, new() => new SystemInfo<TOptions>(create)
    {
        Id = id,
        Name = name,
        Family = "Mlp",
        Summary = summary,
        Paper = "He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering. WWW 2017.",
        Answers = Capabilities.KnownUsers,
        Graph = graph,
    };

    /// <summary>The logistic loss of a batch of pairs.</summary>
    public Tensor Loss(PointwiseBatch batch) => Losses.Logistic(Logits(batch.Users, batch.Items), batch.Labels);
}
