using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Texts;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Convolutional;

/// <summary>Hyper-parameters of <see cref="DeepCoNN"/>.</summary>
public sealed record DeepCoNNOptions : GradientModelOptions
{
    /// <summary>Batches of 100 pairs; Adam at 0.001 with weight decay, where later codes have 0.002 and dropout instead and the paper has RMSprop. Without decay the words of training documents are learned by heart.</summary>
    public DeepCoNNOptions() => (Epochs, BatchSize, LearningRate, WeightDecay) = (20, 100, 0.001, 3e-4);

    /// <summary>The column that holds what users write. <value>the only text of the rows, or the one called review, text or the like</value></summary>
    public string ReviewColumn { get; init; } = "";

    /// <summary>A file of word vectors (word2vec or GloVe) that vectors of words begin with; empty for random ones.</summary>
    public string WordVectors { get; init; } = "";

    /// <summary>c: length of the vectors of words, unless a file gives it. <value>64; the paper has 300 with vectors of Google News</value></summary>
    [Symbol("c")]
    [Range(1, 4096)]
    public int WordDimension { get; init; } = 64;

    /// <summary>Words that are known, those with the largest sum of tf-idf.</summary>
    [Range(1, 10_000_000)]
    public int Words { get; init; } = 50_000;

    /// <summary>Reviews that must hold a word.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 2;

    /// <summary>Words of a document, after which no further review is read.</summary>
    [Range(1, 1_000_000)]
    public int DocumentWords { get; init; } = 1000;

    /// <summary>n1: filters of the convolution over words.</summary>
    [Symbol("n1")]
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int FilterCount { get; init; } = 100;

    /// <summary>t: words that a filter sees.</summary>
    [Symbol("t")]
    [Range(1, 100)]
    public int Window { get; init; } = 3;

    /// <summary>Numbers x of a user and y of an item.</summary>
    [Range(1, 4096)]
    [Search(10, 100, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>k: length of the factorization machine's vectors.</summary>
    [Symbol("k")]
    [Range(1, 1024)]
    public int Factors { get; init; } = 8;

    /// <summary>Dropout of what the fully connected layers read (section 3.5 of the paper). <value>0.1; half of it, as codes have, leaves little but biases, since a word that tells much is a rare one</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Whether the documents of a training pair go without the review of that pair, as they must when a rating is predicted. Without this, training reads the review whose rating it learns, and predictions,
    /// which cannot, are worse for it (Catherine and Cohen 2017).
    /// </summary>
    public bool LeaveTargetOut { get; init; } = true;
}

/// <summary>
/// DeepCoNN: a convolution over what a user wrote and one over what was written about an item (equations 1 to 5), whose outputs x and y a factorization machine joins (equation 6): w0 + w z + sum over pairs
/// of v_a . v_b z_a z_b for z = [x, y]. Minimizes squared error (the paper's equation 6 is printed as the cost, which is a slip). A document consists of training reviews alone, so that the review of a pair that is to be
/// predicted is never read: the paper's own setting, in which it is (TransNets, section 2), cannot be had.
/// </summary>
internal sealed class DeepCoNN : Model, IRatingModel
{
    private const int DocumentsAtOnce = 256;

    private readonly DeepCoNNOptions options;
    private readonly ReviewTexts texts;
    private readonly EmbeddingTable words;
    private readonly TextCnn userTexts;
    private readonly TextCnn itemTexts;
    private readonly Dense userLayer;
    private readonly Dense itemLayer;
    private readonly Parameter constant;
    private readonly Parameter weights; // w [2 d, 1]
    private readonly Parameter vectors; // v [2 d, k]
    private (float[] Vectors, float[] Biases) ofUsers = ([], []); // the last for a user without a document
    private (float[] Vectors, float[] Biases) ofItems = ([], []);

    public DeepCoNN(DeepCoNNOptions options, ModelShape shape)
        : base(nameof(DeepCoNN), shape, options)
    {
        this.options = options;
        texts = shape.Get<ReviewTexts>();
        var dimension = texts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(texts.Words.Count + 1, dimension, table => Fill(table, texts.Vectors));
        (userTexts, itemTexts) = (new TextCnn(dimension, options.FilterCount, options.Window), new TextCnn(dimension, options.FilterCount, options.Window));
        // Units that begin below 0 for every document would never learn.
        Action<Tensor> above = biases => nn.init.constant_(biases, 0.1);
        (userLayer, itemLayer) = (new Dense(options.FilterCount, options.Dimension, Initializers.GlorotUniform, above), new Dense(options.FilterCount, options.Dimension, Initializers.GlorotUniform, above));
        constant = nn.Parameter(tensor(texts.MeanValue));
        weights = nn.Parameter(zeros(2 * options.Dimension, 1));
        vectors = nn.Parameter(randn(2 * options.Dimension, options.Factors) * 0.1); // from much smaller ones it takes long to tell what user and item mean together
        RegisterComponents();
        Scorer = new InnerProduct(options.Factors, hasBiases: true, Queries, () => new ItemTable(ofItems.Vectors[..^options.Factors], ofItems.Biases[..^1]));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DeepCoNNOptions>((options, shape) => new DeepCoNN(options, shape))
    {
        Id = "deepconn",
        Name = "DeepCoNN",
        Family = "Convolutional",
        Summary = "Rating prediction from what users write and what is written about items, read by two convolutional networks.",
        Paper = "L. Zheng, V. Noroozi and P. S. Yu: Joint Deep Modeling of Users and Items Using Reviews for Recommendation. WSDM 2017.",
        Answers = Capabilities.KnownUsers,
        PredictsRatings = true,
        ScoresByInnerProduct = true,
        Inputs =
        [
            RatingValues.Required,
            new Reviews<DeepCoNNOptions>(options => new(options.ReviewColumn) { VectorFile = options.WordVectors, Words = options.Words, MinimumCount = options.MinimumCount, DocumentWords = options.DocumentWords, TextWords = options.DocumentWords }),
        ],
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override GradientTraining<ReviewBatch> Begin(TrainingSet train, TrainingOptions run) =>
        new(this, options, run, new ReviewSource(train, texts, options.ExamplesPerUpdate, options.LeaveTargetOut), Loss);

    /// <summary>The mean squared error of a batch.</summary>
    public Tensor Loss(ReviewBatch batch) => (Rate(Users(batch.OfUsers), Items(batch.OfItems)) - batch.Ratings).square().mean();

    /// <summary>x: what documents say of users [B, d].</summary>
    public Tensor Users(DocumentBuffer documents) => nn.functional.relu(userLayer.forward(Dropped(userTexts.forward(documents, words))));

    /// <summary>y: what documents say of items [B, d].</summary>
    public Tensor Items(DocumentBuffer documents) => nn.functional.relu(itemLayer.forward(Dropped(itemTexts.forward(documents, words))));

    /// <summary>The factorization machine over z = [x, y]: [B, d] and [B, d] to [B].</summary>
    public Tensor Rate(Tensor x, Tensor y)
    {
        var z = cat([x, y], 1);
        var pairs = z.matmul(vectors).square() - z.square().matmul(vectors.square()); // [B, k]
        return constant + z.matmul(weights).squeeze(1) + (0.5 * pairs.sum(1));
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        MakeReady();
        var k = options.Factors;
        for (var pair = 0; pair < users.Length; pair++)
        {
            var (user, item) = (users[pair] < 0 ? Shape.Users : users[pair], items[pair] < 0 ? Shape.Items : items[pair]);
            values[pair] = ofUsers.Biases[user] + ofItems.Biases[item] + Solvers.Vectors.Dot(ofUsers.Vectors.AsSpan(user * k, k), ofItems.Vectors.AsSpan(item * k, k));
        }
    }

    /// <summary>Splits the machine: what it says of a user alone, of an item alone, and the inner product of V'x and V'y between the two.</summary>
    protected override void Prepare()
    {
        ofUsers = Sides(texts.OfUsers, Shape.Users, Users, 0);
        ofItems = Sides(texts.OfItems, Shape.Items, Items, options.Dimension);
        var mean = (float)constant.item<float>();
        ofUsers = ofUsers with { Biases = Array.ConvertAll(ofUsers.Biases, bias => bias + mean) };
    }

    private (float[] Vectors, float[] Biases) Sides(SparseRows documents, int count, Func<DocumentBuffer, Tensor> read, int first)
    {
        var (w, v) = (weights.narrow(0, first, options.Dimension), vectors.narrow(0, first, options.Dimension));
        List<float> products = [], biases = [];
        int[] owners = [.. Enumerable.Range(0, count), -1];
        foreach (var some in owners.Chunk(DocumentsAtOnce))
        {
            using var scope = NewDisposeScope();
            var buffer = new DocumentBuffer();
            buffer.Fill(texts.Texts, documents, some, null);
            buffer.Load(words.Weight.device);
            var z = read(buffer);
            var product = z.matmul(v); // [B, k]
            products.AddRange(Scoring.Queries.Floats(product));
            biases.AddRange(Scoring.Queries.Floats(z.matmul(w).squeeze(1) + (0.5 * (product.square() - z.square().matmul(v.square())).sum(1))));
        }

        return ([.. products], [.. biases]);
    }

    private Queries Queries(RequestBatch requests)
    {
        var k = options.Factors;
        var (found, constants) = (new float[requests.Count * k], new float[requests.Count]);
        for (var request = 0; request < requests.Count; request++)
        {
            var user = requests.Users[request] < 0 ? Shape.Users : requests.Users[request];
            ofUsers.Vectors.AsSpan(user * k, k).CopyTo(found.AsSpan(request * k));
            constants[request] = ofUsers.Biases[user];
        }

        return new Queries(found, constants);
    }

    private Tensor Dropped(Tensor features) => nn.functional.dropout(features, options.Dropout, training);

    // Words that the file lacks, and all without a file, begin small: a quarter is the scale of published vectors.
    private static void Fill(Tensor table, WordVectors? known)
    {
        nn.init.uniform_(table, -0.25, 0.25);
        if (known is not null)
        {
            using var scope = NewDisposeScope();
            var own = table.narrow(0, 1, known.Words.Count); // row 0 is of no word
            own.copy_(where(tensor(known.IsFound).unsqueeze(1), tensor(known.Values, [known.Words.Count, known.Dimension]), own));
        }
    }
}
