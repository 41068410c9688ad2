using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Systems;

/// <summary>
/// One entry of the catalog of systems: all that the command line, the documentation, the trainer and the loader need to know of a system.
/// </summary>
public record SystemInfo
{
    private protected SystemInfo(Type optionsType, Func<ModelOptions, ModelShape, Model> create)
    {
        OptionsType = optionsType;
        Create = create;
    }

    /// <summary>The options with every value that was left to the data derived from it: what a model is made with, and what is stored with it.</summary>
    /// <param name="options">The options; a value given is kept.</param>
    /// <param name="train">The data.</param>
    internal virtual ModelOptions Resolve(ModelOptions options, TrainingSet train) => options;

    /// <summary>What a model is made with: the sizes of the data and what the inputs are fitted to.</summary>
    /// <param name="options">The options.</param>
    /// <param name="train">The data.</param>
    /// <exception cref="InputException">The options name what the data lacks.</exception>
    internal ModelShape Shape(ModelOptions options, TrainingSet train) =>
        ModelShape.Of(train) with { Inputs = [.. Inputs.Select(input => input.Fit(train, options)).OfType<IFittedInput>()] };

    /// <summary>An untrained model for data, with options that <see cref="Resolve"/> has completed.</summary>
    /// <exception cref="InputException">The options name what the data lacks.</exception>
    internal Model Make(ModelOptions options, TrainingSet train) => Create(options, Shape(options, train));

    /// <summary>Fails where the system cannot learn from the data with these options, as far as that can be told without training.</summary>
    /// <param name="options">The options.</param>
    /// <param name="train">The data; it has what <see cref="Inputs"/> ask for.</param>
    /// <exception cref="InputException">What it cannot learn from, with the remedy.</exception>
    internal virtual void Demand(ModelOptions options, TrainingSet train)
    {
    }

    /// <summary>Name on the command line and in artifacts, e.g. "multi-vae".</summary>
    public required string Id { get; init; }

    /// <summary>Name for people, e.g. "Multi-VAE".</summary>
    public required string Name { get; init; }

    /// <summary>Family of the literature, e.g. "Autoencoders".</summary>
    public required string Family { get; init; }

    /// <summary>One sentence saying what it does.</summary>
    public required string Summary { get; init; }

    /// <summary>Authors, title, venue and year.</summary>
    public required string Paper { get; init; }

    /// <summary>The record of its hyper-parameters; has a parameterless constructor that gives the defaults.</summary>
    public Type OptionsType { get; }

    /// <summary>What it can answer.</summary>
    public required Capabilities Answers { get; init; }

    /// <summary>What it needs from the data beyond pairs of user and item, such as "values"; empty where pairs suffice.</summary>
    public IEnumerable<string> Needs => Inputs.Where(input => input.IsRequired).Select(input => input.Text).OfType<string>();

    /// <summary>What it may read from the data beyond that.</summary>
    public IEnumerable<string> MayRead => Inputs.Where(input => !input.IsRequired).Select(input => input.Text).OfType<string>();

    /// <summary>What it reads from the data beyond pairs of user and item.</summary>
    public IReadOnlyList<IInput> Inputs { get; init; } = [];

    /// <summary>Whether its lists depend on who asks. A system of which they do not can be measured on requests that say nothing.</summary>
    public bool IsPersonalized { get; init; } = true;

    /// <summary>Whether it predicts values (ratings) as well as ranking.</summary>
    public bool PredictsRatings { get; init; }

    /// <summary>Whether it predicts how likely labelled rows are to be positive, as all systems of features do, and is measured by that on labelled data.</summary>
    public bool PredictsClicks => Answers.HasFlag(Capabilities.Features);

    /// <summary>
    /// Whether its score of an item is an inner product of vectors of the request and the item: what an index, a vector store and the quick ranking of parts of the catalog
    /// need.
    /// </summary>
    public bool ScoresByInnerProduct { get; init; }

    /// <summary>
    /// How it becomes a graph for ONNX runtimes; null where it does not. A system whose score is an inner product and that answers known users has one for these
    /// by default, with the vectors of users as a table.
    /// </summary>
    public ScoreGraph? Graph
    {
        get => field ?? (ScoresByInnerProduct && !FollowsUsers && Answers.HasFlag(Capabilities.KnownUsers) ? ScoreGraph.OfKnownUsers : null);
        init;
    }

    /// <summary>
    /// Whether what a known user has done since training advances the user's state, by the times at which it happened. Of other systems that read histories, such a user is
    /// answered as a cold-start user with the whole history. Graphs for ONNX runtimes are told no times: such a system is not exported.
    /// </summary>
    internal bool FollowsUsers { get; init; }

    /// <summary>Whether items of the history are candidates, as in sessions, where the split that a system was trained on does not say (<see cref="Data.Splits.Split.SeenAreCandidates"/>).</summary>
    public bool RecommendsSeen { get; init; }

    /// <summary>Makes an untrained model; weights are drawn from torch's generator.</summary>
    internal Func<ModelOptions, ModelShape, Model> Create { get; }

    /// <summary>The default options.</summary>
    public ModelOptions DefaultOptions => (ModelOptions)Activator.CreateInstance(OptionsType)!;
}

/// <summary>The entry of a system whose options are <typeparamref name="TOptions"/>; each system's file declares one as <c>Info</c>.</summary>
/// <param name="create">Makes an untrained model.</param>
public sealed record SystemInfo<TOptions>(Func<TOptions, ModelShape, Model> create)
    : SystemInfo(typeof(TOptions), (options, shape) => create((TOptions)options, shape))
    where TOptions : ModelOptions, new()
{
    /// <summary>Derives the values that the options leave to the data; null where there are none.</summary>
    public Func<TOptions, TrainingSet, TOptions>? Derive { get; init; }

    /// <summary>Fails where the system cannot learn from the data with these options; null where what its inputs ask for is enough.</summary>
    public Action<TOptions, TrainingSet>? Check { get; init; }

    /// <inheritdoc/>
    internal override void Demand(ModelOptions options, TrainingSet train) => Check?.Invoke((TOptions)options, train);

    /// <inheritdoc/>
    internal override ModelOptions Resolve(ModelOptions options, TrainingSet train) => Derive is null ? options : Derive((TOptions)options, train);
}
