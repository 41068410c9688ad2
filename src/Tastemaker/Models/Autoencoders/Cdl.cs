using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>Hyper-parameters of <see cref="Cdl"/>. Tune the three weights together, on logarithmic grids.</summary>
public sealed record CdlOptions : ContentFactorOptions
{
    /// <summary>a: confidence in observed pairs. <value>1</value></summary>
    [Symbol("a")]
    [Range(1e-6, 1e6)]
    public double ObservedWeight { get; init; } = 1;

    /// <summary>b: confidence in all other pairs; at most a. <value>0.01</value></summary>
    [Symbol("b")]
    [Range(0.0, 1e6)]
    [Search(1e-3, 0.3, Log = true)]
    public double UnobservedWeight { get; init; } = 0.01;

    /// <summary>Whether items that training has no interaction with count as pairs that were not observed. <value>true, as the paper; the official code leaves them out</value></summary>
    public bool CountsUnmetItems { get; init; } = true;

    /// <summary>Sweeps over users and items an epoch. <value>1, as the official code, which ends with up to 100</value></summary>
    [Range(1, 1000)]
    public int Sweeps { get; init; } = 1;
}

/// <summary>
/// Collaborative deep learning (Wang, Wang and Yeung 2015): the maximum a posteriori of R_ij ~ N(u_i . v_j, 1 / C_ij), u_i ~ N(0, I / lambda_u),
/// v_j ~ N(f_e(x_j), I / lambda_v) and x_j ~ N(f_r(x_j), I / lambda_n), by block coordinates. Users and items are weighted least squares as in iALS
/// (<see cref="PulledLeastSquares"/>), items with a pull to their codes; the network between them learns by gradient.
/// A cold-start user is solved for like any user.
/// </summary>
internal sealed class Cdl : StackedContentModel
{
    private readonly CdlOptions options;
    private PulledLeastSquares factors;
    private Lazy<AlternatingRidge>? unseenUsers;

    public Cdl(ModelShape shape, CdlOptions options)
        : base(nameof(Cdl), shape, options)
    {
        this.options = options;
        factors = Factors(SparseRows.Empty(0, 0));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<CdlOptions>((options, shape) => new Cdl(shape, options))
    {
        Id = "cdl",
        Name = "CDL",
        Family = "Autoencoders",
        Summary = "Matrix factorization whose item vectors are drawn to the codes of an autoencoder over their content; also for items that nobody has met.",
        Paper = "H. Wang, N. Wang and D.-Y. Yeung: Collaborative Deep Learning for Recommender Systems. KDD 2015.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [ContentOf<CdlOptions>()],
    };

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        factors = Factors(train.Seen);
        return base.Begin(train, run);
    }

    /// <summary>u_i = (V^T C_i V + lambda_u I)^-1 V^T C_i R_i.</summary>
    public void SolveUsers(ParallelOptions parallel) => factors.SolveUsers(Items, Counted(), Users, parallel);

    /// <summary>v_j = (U^T C_j U + lambda_v I)^-1 (U^T C_j R_j + lambda_v theta_j); theta_j for items without interactions.</summary>
    public void SolveItems(ParallelOptions parallel) => factors.SolveItems(Users, Codes, Items, parallel);

    /// <summary>Minus the terms of the log posterior in U and V: sum C_ij (R_ij - u_i . v_j)^2 / 2, lambda_u / 2 sum |u_i|^2, lambda_v / 2 sum |v_j - theta_j|^2.</summary>
    public double Objective(ParallelOptions parallel) => factors.Errors(Users, Items, Counted(), parallel) + UserTerm() + PullTerm();

    /// <inheritdoc/>
    protected override double LearnFactors(EpochContext context, bool isFirst)
    {
        var parallel = Threads.Of(context);
        for (var sweep = 0; sweep < options.Sweeps; sweep++)
        {
            SolveUsers(parallel);
            SolveItems(parallel);
        }

        return Objective(parallel);
    }

    /// <inheritdoc/>
    protected override void Prepare() => unseenUsers = new(() => factors.ForUsers(Items, Counted(), Parallelism.Loop()));

    /// <inheritdoc/>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector)
    {
        var row = InteractionMatrix.Of(requests.Slice(request, 1), Shape.Items, useValues: false);
        unseenUsers!.Value.Solve(row[0], [], options.UserWeight, [], new SymmetricMatrix(Dimension), vector);
    }

    private PulledLeastSquares Factors(SparseRows byUser) =>
        new(Info.Name, byUser, Dimension, new PulledWeights(options.ObservedWeight, options.UnobservedWeight, options.UserWeight, options.ItemWeight).Checked(Info.Name));

    // The items that sums over all pairs run over.
    private float[] Counted() => options.CountsUnmetItems ? Items : MetItems();
}
