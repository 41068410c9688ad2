using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>How <see cref="AskTheGru"/> makes a vector of a text.</summary>
public enum TextEncoder
{
    /// <summary>The mean of the states of two recurrent layers, the first in both directions.</summary>
    Gru,

    /// <summary>The mean of the word embeddings, whatever the order of the words: the paper's baseline Embed.</summary>
    Embed,
}

/// <summary>Hyper-parameters of <see cref="AskTheGru"/>. The sizes suit a CPU; the paper's are named beside them.</summary>
public sealed record AskTheGruOptions : TextOptions
{
    /// <summary>Adam with the gradient clipped at norm 5. Batches of at most 128 users, fewer where an epoch would have less than 50 updates; the paper has 512. Word embeddings have 64 numbers; the paper has 200. The paper does not tell the learning rate.</summary>
    public AskTheGruOptions() => (Epochs, BatchSize, LearningRate, ClipNorm, WordDimension, MinimumCount) = (30, null, 3e-3, 5, 64, 5);

    /// <summary>The column of tags of items that is predicted beside what users like, such as tags or tags(minimum-count=10); empty for none.</summary>
    public string TagColumn { get; init; } = "";

    /// <summary>How a text becomes a vector.</summary>
    [SearchChoices("gru", "embed")]
    public TextEncoder Encoder { get; init; } = TextEncoder.Gru;

    /// <summary>Words of a text at most, the first ones. <value>100; the paper reads whole abstracts</value></summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 100;

    /// <summary>Units of each direction of the first layer. <value>32; the paper has 400, which we read as 200 in each direction</value></summary>
    [OnlyWith("encoder", "gru")]
    [Range(1, 4096)]
    [Search(32, 200, Log = true)]
    public int Units { get; init; } = 32;

    /// <summary>K: length of the vectors of users, items and tags, and units of the second layer. With the encoder embed it is the size of the word embeddings. <value>64; the paper has 200</value></summary>
    [OnlyWith("encoder", "gru")]
    [Symbol("K")]
    [Range(1, 4096)]
    [Search(32, 200, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>Dropout rate of the word embeddings.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double EmbeddingDropout { get; init; } = 0.1;

    /// <summary>Dropout rate of the states of the first layer.</summary>
    [OnlyWith("encoder", "gru")]
    [Range(0.0, 0.99)]
    [Search(0.0, 0.6)]
    public double HiddenDropout { get; init; } = 0.5;

    /// <summary>Dropout rate of the states of the second layer.</summary>
    [OnlyWith("encoder", "gru")]
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double OutputDropout { get; init; } = 0.3;

    /// <summary>How often training leaves out the vector that an item has of its own, so that its text must do. <value>0, as in the paper; at 1 no item has such a vector</value></summary>
    [Range(0.0, 1.0)]
    [Search(0.0, 1.0)]
    public double ItemVectorDropout { get; init; }

    /// <summary>alpha: how much more the errors of users with many items count.</summary>
    [Symbol("alpha")]
    [Range(0.0, 1000.0)]
    public double ConfidenceWeight { get; init; } = 10;

    /// <summary>epsilon of the confidence.</summary>
    [Symbol("epsilon")]
    [Range(1e-12, 1e3)]
    public double ConfidenceScale { get; init; } = 1e-8;

    /// <summary>L2 weight of the vectors of users, beside a squared error whose mean weight is 1. <value>0.00005: the paper has 0.01 beside a mean weight of about 200</value></summary>
    [Range(0.0, 10.0)]
    [Search(1e-5, 1e-2, Log = true)]
    public double Regularization { get; init; } = 5e-5;

    /// <summary>lambda: weight of what users like in the loss; tags have the rest. Without a tag column it has no effect. <value>0.5; the paper does not tell it</value></summary>
    [Symbol("lambda")]
    [Range(0.0, 1.0)]
    [Search(0.1, 0.9)]
    public double LikeWeight { get; init; } = 0.5;

    /// <summary>c': weight of the tags that an item lacks. <value>0.03; the paper does not tell it</value></summary>
    [Range(0.0, 1.0)]
    [Search(0.01, 0.1, Log = true)]
    public double AbsentTagWeight { get; init; } = 0.03;
}

/// <summary>
/// Ask the GRU: r_ij = b_i + b_j + u_i . f(X_j), where f(X_j) = g(X_j) + v_j adds what recurrent layers read in the text of an item to a vector of its own. A cold item has v_j = 0 and the mean of the biases: its text alone ranks it.
/// The loss is lambda C_R + (1 - lambda) C_T. C_R is the squared error over a liked item and a random other one for each user drawn, weighted by c_i = 1 + alpha log(1 + |R_i| / epsilon); it is divided by the mean weight, since a loss
/// two hundred times as large would only ask for another learning rate. C_T is the cross-entropy of the tags of these items, sigma(f(X_j) . t_l), with absent tags weighted by c', divided by the number of tags that are present; the paper
/// prints it without its minus. Items without tags have no part in it, nor have tags of cold items. Biases of users begin at 1/2, the mean of what is predicted. Cold-start users, of whom the paper says nothing, are folded in
/// (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class AskTheGru : Model
{
    private const int TextsAtOnce = 256;

    private readonly AskTheGruOptions options;
    private readonly EntityTexts texts;
    private readonly SparseRows? tagsOfItems;
    private readonly int dimension; // K
    private readonly EmbeddingTable words;
    private readonly BidirectionalGru? first;
    private readonly GruCell? second;
    private readonly EmbeddingTable users; // u
    private readonly EmbeddingTable userBiases;
    private readonly EmbeddingTable items; // v, which begins at 0 and stays there for cold items
    private readonly EmbeddingTable itemBiases;
    private readonly EmbeddingTable? tags; // t
    private readonly Tensor isWarm; // [items], 1 for items of training; saved, since the biases of others are the mean
    private (float[] Vectors, float[] Biases) encoded = ([], []);
    private float meanBias;
    private Lazy<FoldInSolver>? fit;

    /// <summary>A model.</summary>
    /// <exception cref="InputException">The tags are no categories of items.</exception>
    public AskTheGru(AskTheGruOptions options, ModelShape shape)
        : base(nameof(AskTheGru), shape, options)
    {
        (this.options, texts) = (options, shape.Get<EntityTexts>());
        var wordDimension = texts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(texts.Size, wordDimension, Initializers.OfWords(texts.Vectors, texts.UnknownIndex));
        if (options.Encoder is TextEncoder.Gru)
        {
            first = new BidirectionalGru(wordDimension, options.Units);
            second = new GruCell(2 * options.Units, options.Dimension, ResetGate.AfterProduct, Initializers.GlorotUniform);
        }

        dimension = second is null ? wordDimension : options.Dimension;
        (users, userBiases) = (new EmbeddingTable(shape.Users, dimension, Initializers.Normal(0.1)), new EmbeddingTable(shape.Users, 1, biases => biases.fill_(0.5)));
        (items, itemBiases) = (new EmbeddingTable(shape.Items, dimension, Initializers.Zeros), new EmbeddingTable(shape.Items, 1, Initializers.Zeros));
        if (shape.Features is { } space)
        {
            EntityBags.Check(space.Schema, FieldSource.Item, "tag-column");
            tagsOfItems = space.Schema.Fields.All(field => field.Kind is not FieldKind.Number) ? EntityBags.Of(space, FieldSource.Item, BagScale.None) : throw new InputException("tag-column: Ask the GRU predicts tags, and the column holds numbers. Name a column of categories.");
            tags = new EmbeddingTable(tagsOfItems.ColumnCount, dimension, Initializers.Normal(0.1)) { AlwaysWhole = true };
        }

        isWarm = zeros(shape.Items);
        RegisterComponents();
        Scorer = new InnerProduct(dimension, hasBiases: true, Requested, () => new ItemTable(encoded.Vectors, encoded.Biases));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<AskTheGruOptions>((options, shape) => new AskTheGru(options, shape))
    {
        Id = "ask-the-gru",
        Name = "Ask the GRU",
        Family = "Recurrent",
        Summary = "Items by their texts, read by recurrent layers that learn to predict tags too; also for items that nobody has met.",
        Paper = "T. Bansal, D. Belanger and A. McCallum: Ask the GRU: Multi-Task Learning for Deep Text Recommendations. RecSys 2016.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs =
        [
            new TextOf<AskTheGruOptions>(FieldSource.Item, options => TextRules.Of(options, options.TextWords)),
            new EntityFeatures<AskTheGruOptions>(options => options.TagColumn.Length > 0 ? new([options.TagColumn], MinimumCount: 1) : null),
        ],
        Derive = (options, train) => BatchRule.Of(options, train.Seen.EntryCount, updates: 50, largest: 128),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors
    {
        get
        {
            MakeReady();
            return tensor(encoded.Vectors, [Shape.Items, dimension]);
        }
    }

    /// <inheritdoc/>
    public override GradientTraining<PairwiseTextBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        using (no_grad())
        {
            isWarm.copy_(tensor(Array.ConvertAll(train.Seen.CountColumns(), likes => likes > 0 ? 1f : 0)));
        }

        var confidence = Enumerable.Range(0, Shape.Users).Select(user => Confidence(train.Seen.Length(user))).ToArray();
        var mean = Enumerable.Range(0, Shape.Users).Where(user => train.Seen.Length(user) > 0).Select(user => confidence[user]).DefaultIfEmpty(1).Average();
        return new(this, options, run, new PairwiseTextSource(train, texts, tagsOfItems, options.ExamplesPerUpdate), batch =>
            Loss(batch, tensor(Array.ConvertAll(batch.UserBuffer, user => confidence[user] / mean), device: isWarm.device)));
    }

    /// <summary>c of a user with some liked items.</summary>
    public float Confidence(int likes) => (float)(1 + (options.ConfidenceWeight * Math.Log(1 + (likes / options.ConfidenceScale))));

    /// <summary>lambda C_R + (1 - lambda) C_T; C_R where there are no tags.</summary>
    /// <param name="batch">Users with a liked item and another one.</param>
    /// <param name="confidence">c of each user over the mean [B].</param>
    public Tensor Loss(PairwiseTextBatch batch, Tensor confidence)
    {
        var f = Encode(batch.Texts) + Kept(items.forward(batch.Items)); // [D, K]
        var likes = LikeLoss(batch, f, confidence);
        return tags is null ? likes : (options.LikeWeight * likes) + ((1 - options.LikeWeight) * TagLoss(batch, f));
    }

    /// <summary>C_R: the weighted squared error, mean over liked and other items, and the L2 term of users.</summary>
    public Tensor LikeLoss(PairwiseTextBatch batch, Tensor f, Tensor confidence)
    {
        var (u, ofUser, ofItem) = (users.forward(batch.Users), userBiases.forward(batch.Users).squeeze(1), itemBiases.forward(batch.Items).squeeze(1));
        Tensor Score(Tensor places) => ofUser + ofItem.index_select(0, places) + (u * f.index_select(0, places)).sum(1); // [B]
        var error = (confidence * ((Score(batch.Positives) - 1).square() + Score(batch.Negatives).square())).mean() / 2;
        return error + (options.Regularization * u.square().sum(1).mean());
    }

    /// <summary>C_T: the weighted cross-entropy of all tags of items with tags, over the number of tags that they have.</summary>
    public Tensor TagLoss(PairwiseTextBatch batch, Tensor f)
    {
        var x = f.matmul(tags!.Weight.t()); // [D, tags]
        var absent = nn.functional.softplus(x); // -log(1 - p); -log p is this minus x
        var isTagged = zeros(x.shape[0], device: x.device).index_fill_(0, batch.LabelItems.to(int64), 1);
        var present = (batch.LabelItems.to(int64) * x.shape[1]) + batch.Labels;
        Tensor Present(Tensor of) => of.flatten().index_select(0, present);
        var all = options.AbsentTagWeight * (absent.sum(1) * isTagged).sum();
        return (all + (((1 - options.AbsentTagWeight) * Present(absent)) - Present(x)).sum()) / Math.Max(1, present.shape[0]);
    }

    /// <summary>g: the vector of each text [B, K]; zeros for a text without words.</summary>
    public Tensor Encode(PaddedTexts batch)
    {
        var x = nn.functional.dropout(words.forward(batch.Words), options.EmbeddingDropout, training); // [B, L, K_w]
        if (first is null)
        {
            return batch.Mean(x);
        }

        var h = nn.functional.dropout(first.States(x, batch), options.HiddenDropout, training); // [B, L, 2 units]
        return batch.Mean(nn.functional.dropout(second!.States(h), options.OutputDropout, training));
    }

    /// <summary>Encodes all items, and makes ready to fold in.</summary>
    protected override void Prepare()
    {
        var f = PaddedTexts.Read(Shape.Items, item => texts.Rows[item], TextsAtOnce, isWarm.device, Encode) + items.Weight;
        var biases = itemBiases.Weight.squeeze(1);
        var mean = (biases * isWarm).sum() / isWarm.sum().clamp_min(1);
        encoded = (Queries.Floats(f), Queries.Floats(where(isWarm.gt(0), biases, mean)));
        meanBias = userBiases.Weight.mean().item<float>();
        fit = new(() =>
        {
            using var scope = NewDisposeScope();
            return new FoldInSolver(encoded.Vectors, Array.ConvertAll(encoded.Biases, bias => bias + meanBias), users.Weight.ToValues<float>(), dimension, new SquaredLoss { Penalty = 4 * options.Regularization });
        });
    }

    // Whole vectors of items are left out, not coordinates, and nothing is scaled: at scoring warm items have theirs and cold ones do not.
    private Tensor Kept(Tensor own) => training && options.ItemVectorDropout > 0 ? own * rand(own.shape[0], 1, device: own.device).ge(options.ItemVectorDropout) : own;

    private Queries Requested(RequestBatch requests)
    {
        var vectors = FoldInSolver.Rows(requests, known => users.Weight.index_select(0, tensor(known, device: isWarm.device)), fit!);
        var biases = Queries.Floats(userBiases.Weight.squeeze(1));
        return Queries.Of(vectors) with { Constants = [.. requests.Users.ToArray().Select(user => user < 0 ? meanBias : biases[user])] };
    }
}
