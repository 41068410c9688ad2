using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Batches;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>
/// What GMF, MLP and NeuMF share (He et al. 2017, section 3.1): a logit a pair of user and item, learned from each interaction and some pairs that
/// did not occur, with logistic loss.
/// </summary>
internal abstract class NcfModel(string name, ModelShape shape, NcfOptions options) : GradientModel<PointwiseBatch>(name, shape, options), IPartialScorer
{
    /// <summary>Logits of pairs: ids [B] and [B] to [B].</summary>
    protected abstract Tensor Logits(Tensor users, Tensor items);

    /// <summary>Logits of the catalog for users: [B] to [B, items].</summary>
    protected abstract Tensor CatalogLogits(Tensor users);

    /// <inheritdoc/>
    public abstract IPartialScores? Begin(RequestBatch requests);

    /// <summary>An entry for the catalog.</summary>
    protected static SystemInfo Entry<TOptions>(string id, string name, string summary, Func<TOptions, ModelShape, Model> create, Answers answers = Answers.KnownUsers)
        where TOptions : ModelOptions, new() => new SystemInfo<TOptions>(create)
    {
        Id = id,
        Name = name,
        Family = "Mlp",
        Summary = summary,
        Paper = "He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering. WWW 2017.",
        Answers = answers,
    };

    /// <inheritdoc/>
    protected sealed override IBatchSource<PointwiseBatch> Batches(TrainingSet train) => new PointwiseSource(train, options.ExamplesPerUpdate, options.Negatives);

    /// <inheritdoc/>
    public sealed override Tensor Loss(PointwiseBatch batch) => Losses.Logistic(Logits(batch.Users, batch.Items), batch.Labels);

    /// <inheritdoc/>
    protected override Tensor Score(RequestBatch requests) => CatalogLogits(tensor(requests.Users.ToArray(), device: parameters().First().device));
}
