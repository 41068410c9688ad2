using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Bench.Measuring;

/// <summary>A system to rank with, and what scoring the catalog with it takes at least.</summary>
/// <param name="System">Its catalog entry.</param>
/// <param name="Options">Its hyper-parameters.</param>
/// <param name="Operations">Floating-point operations of scoring one item for one user; a multiply-add counts two. 0 where nothing is multiplied densely.</param>
/// <param name="Numbers">Floats of weights an item that scoring reads.</param>
internal sealed record RankedSystem(SystemInfo System, ModelOptions Options, double Operations, double Numbers)
{
    /// <summary>A system with its default options, but vectors of a given length where it is a factor model.</summary>
    /// <exception cref="InputException">There is no such system.</exception>
    public static RankedSystem Of(string id, int dimension)
    {
        var system = SystemCatalog.Find(id);
        ModelOptions options = system.DefaultOptions switch
        {
            BprMfOptions bpr => bpr with { Dimension = dimension },
            LogisticMfOptions logistic => logistic with { Dimension = dimension },
            GmfOptions gmf => gmf with { Factors = dimension },
            IalsOptions ials => ials with { Dimension = dimension },
            NeuMFOptions both => both with { PretrainingEpochs = 0 }, // both parts score from the beginning
            var other => other,
        };
        var (operations, numbers) = options switch
        {
            BprMfOptions or LogisticMfOptions or IalsOptions or GmfOptions => (2.0 * dimension, (double)dimension),
            NcfMlpOptions mlp => Tower(mlp.Hidden),
            NeuMFOptions both => (Tower(both.Hidden).Operations + (2.0 * both.Factors), Tower(both.Hidden).Numbers + both.Factors),
            MultiVaeOptions vae => Decoder(vae.Hidden, vae.Latent),
            MultiDaeOptions dae => Decoder(dae.Hidden, dae.Latent),
            _ => (0, 0),
        };
        return new RankedSystem(system, options, operations, numbers);
    }

    /// <summary>A recommender: trained where training is a closed form, and otherwise with the weights it would begin with, which cost the same.</summary>
    public IRecommender Make(TrainingSet train)
    {
        torch.random.manual_seed(42);
        var model = System.Create(Options, ModelShape.Of(train));
        if (model.Plan.Epochs == 1)
        {
            using var training = model.Begin(train, new TrainingOptions());
            training.RunEpoch(new EpochContext(train, 0, new TrainingOptions(), (_, _, _, _) => { }, CancellationToken.None));
        }

        return new TrainedRecommender(System, model, RecommenderSnapshot.Of(train), new RecommenderOrigin
        {
            Options = Options, Training = new TrainingOptions(), Data = "generated", DataFingerprint = "", Split = "", SplitFingerprint = "", Library = "",
        });
    }

    // The first layer is two halves, each computed once an entity: a pair costs an addition there.
    private static (double Operations, double Numbers) Tower(IReadOnlyList<int> widths) =>
        (widths[0] + widths.Zip(widths.Skip(1).Append(1), (from, to) => 2.0 * from * to).Sum(), widths[0]);

    private static (double Operations, double Numbers) Decoder(IReadOnlyList<int> hidden, int latent)
    {
        var width = hidden.Count > 0 ? hidden[0] : latent;
        return (2.0 * width, width);
    }
}
