using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>What NeuMF is training, and so which of its outputs is trained. The numbers are saved with the model.</summary>
internal enum NeuMFStage
{
    /// <summary>GMF alone.</summary>
    Gmf = 0,

    /// <summary>MLP alone.</summary>
    Mlp = 1,

    /// <summary>Both under one output.</summary>
    Fused = 2,
}

/// <summary>
/// Hyper-parameters of NeuMF; see <see cref="NcfMlpOptions"/> for the widths. <see cref="GradientModelOptions.Epochs"/> are those of the fusion;
/// a run has twice <see cref="PretrainingEpochs"/> before them.
/// </summary>
public sealed record NeuMFOptions : NcfOptions
{
    /// <summary>Values K per user and item of the GMF part. <value>32</value></summary>
    [Range(1, 4096)]
    [Search(8, 128, Log = true)]
    public int Factors { get; init; } = 32;

    /// <summary>Values per user and item of the MLP part, whose tables are its own. <value>64</value></summary>
    [Range(1, 4096)]
    [Search(8, 128, Log = true)]
    public int EmbeddingDimension { get; init; } = 64;

    /// <summary>Widths of the hidden layers of the MLP part. <value>128, 64, 32</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("64", "[64, 32]", "[128, 64, 32]")]
    public IReadOnlyList<int> Hidden { get; init; } = [128, 64, 32];

    /// <summary>
    /// First so many epochs train GMF alone, then as many MLP alone, both with the optimizer of the options; then the two are fine-tuned together
    /// for the epochs of epochs by plain SGD. <value>20</value> 0 to train all together from scratch, with the optimizer of the options.
    /// </summary>
    [Range(0, 100_000)]
    public int PretrainingEpochs { get; init; } = 20;

    /// <summary>Weight of the GMF part in the fused output; 1 - alpha is the MLP part's. <value>0.5</value></summary>
    [Range(0.0, 1.0)]
    public double Alpha { get; init; } = 0.5;

    /// <summary>Learning rate of the fine-tuning. <value>0.01</value></summary>
    [Range(1e-8, 10.0)]
    [Search(1e-3, 1.0, Log = true)]
    public double FineTuningLearningRate { get; init; } = 0.01;
}

/// <summary>
/// Neural matrix factorization: GMF and MLP side by side under one output layer (He et al. 2017, section 3.4). With pre-training the output starts
/// as [alpha h_GMF ; (1 - alpha) h_MLP], its bias as half the sum of both (official code), and Adam gives way to SGD without momentum, as in the
/// paper; the official command lines go on with Adam. Weight decay goes on too where it is a term of the loss; AdamW's, which is none, ends.
/// </summary>
internal sealed class NeuMF : NcfModel
{
    private readonly NeuMFOptions options;
    private readonly GmfBranch gmf;
    private readonly MlpBranch mlp;
    private readonly InnerProduct products;
    private readonly Tensor stage; // a buffer, so that a saved model knows which output is trained

    public NeuMF(NeuMFOptions options, ModelShape shape)
        : base(nameof(NeuMF), shape, options)
    {
        this.options = options;
        gmf = new GmfBranch(shape.Users, shape.Items, options.Factors);
        mlp = new MlpBranch(shape.Users, shape.Items, options.EmbeddingDimension, options.Hidden);
        products = gmf.Products(requests => gmf.Weighted(requests.Users));
        stage = tensor(0);
        RegisterComponents();
        if (options.PretrainingEpochs == 0)
        {
            BeginFused();
        }

        Enter(options.PretrainingEpochs > 0 ? NeuMFStage.Gmf : NeuMFStage.Fused);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = Entry<NeuMFOptions>(
        "neumf",
        "NeuMF",
        "Matrix factorization and a multi-layer perceptron side by side, pre-trained apart and fine-tuned together.",
        (options, shape) => new NeuMF(options, shape),
        new(Export));

    /// <summary>What is being trained.</summary>
    public NeuMFStage Stage { get; private set; }

    /// <summary>Twice pre-training, whose scores are those of one part, and the fusion.</summary>
    public override EpochPlan Plan => new((2 * options.PretrainingEpochs) + options.Epochs, FirstMeasured: 2 * options.PretrainingEpochs);

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new BlockScorer(Shape.Items, requests => Stage switch
    {
        NeuMFStage.Gmf => products.Begin(requests),
        NeuMFStage.Mlp => mlp.Begin(requests.Users),
        _ => new SumOfScores(products.Begin(requests), mlp.Begin(requests.Users)),
    });

    /// <inheritdoc/>
    public override Tensor? ItemVectors => cat([gmf.Items.Weight, mlp.Items.Weight], 1);

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor users, Tensor items) => Output(() => gmf.Logits(users, items), () => mlp.Logits(users, items));

    /// <inheritdoc/>
    public override GradientTraining<PointwiseBatch> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, Batches(train), Loss)
    {
        Trainable = () => Stage switch
        {
            NeuMFStage.Gmf => gmf.parameters(),
            NeuMFStage.Mlp => mlp.parameters(),
            _ => parameters().Where(parameter => parameter.requires_grad),
        },
        StageOf = epoch =>
        {
            BeginEpoch(epoch);
            var tunes = Stage == NeuMFStage.Fused && options.PretrainingEpochs > 0;
            return new GradientStage<PointwiseBatch>(
                Stage.ToString(),
                tunes ? OptimizerKind.Sgd : options.Optimizer,
                tunes ? options.FineTuningLearningRate : options.LearningRate,
                tunes && options.Optimizer is OptimizerKind.AdamW ? 0 : options.WeightDecay);
        },
    };

    /// <inheritdoc/>
    protected override void Prepare()
    {
        products.Forget();
        mlp.Prepare();
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        Enter((NeuMFStage)stage.item<int>());
    }

    /// <summary>Begins the stage that an epoch belongs to, fusing the parts when their training is over.</summary>
    public void BeginEpoch(int epoch)
    {
        var due = options.PretrainingEpochs == 0 ? NeuMFStage.Fused : (NeuMFStage)Math.Min(epoch / options.PretrainingEpochs, 2);
        if (due == NeuMFStage.Fused && Stage != NeuMFStage.Fused)
        {
            Fuse();
        }

        Enter(due);
    }

    private static GraphValue Export(GraphSource source) => ((NeuMF)source.Model).Stage switch
    {
        NeuMFStage.Gmf => GmfBranch.Export(source, "gmf"),
        NeuMFStage.Mlp => MlpBranch.Export(source, "mlp"),
        _ => GmfBranch.Export(source, "gmf") + MlpBranch.Export(source, "mlp"),
    };

    private Tensor Output(Func<Tensor> gmfLogits, Func<Tensor> mlpLogits) => Stage switch
    {
        NeuMFStage.Gmf => gmfLogits(),
        NeuMFStage.Mlp => mlpLogits(),
        _ => gmfLogits() + mlpLogits(), // h . [phi_GMF ; phi_MLP] + b
    };

    private void Enter(NeuMFStage entered)
    {
        using var grad = no_grad();
        Stage = entered;
        stage.fill_((int)entered);

        // The fused output has one bias: GMF's. MLP's stays 0.
        mlp.Output.Bias.requires_grad = entered != NeuMFStage.Fused;
    }

    // From scratch the output is one layer over both parts, LeCun uniform over all its inputs (official code), where each part has drawn its own as if alone.
    private void BeginFused()
    {
        using var grad = no_grad();
        double all = gmf.Output.Weight.shape[1] + mlp.Output.Weight.shape[1];
        foreach (var part in new[] { gmf.Output, mlp.Output })
        {
            part.Weight.mul_(Math.Sqrt(part.Weight.shape[1] / all));
        }
    }

    private void Fuse()
    {
        using var grad = no_grad();
        gmf.Output.Weight.mul_(options.Alpha);
        mlp.Output.Weight.mul_(1 - options.Alpha);
        gmf.Output.Bias.add_(mlp.Output.Bias).mul_(0.5);
        mlp.Output.Bias.zero_();
    }
}
