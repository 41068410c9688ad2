using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Models.Boltzmann;

/// <summary>Hyper-parameters of <see cref="UiRbm"/>.</summary>
public sealed record UiRbmOptions : UserItemRbmOptions
{
    /// <summary>
    /// Whether predictions come from neighbors (INB) rather than from the machines, which then only complete the matrix that items are compared on. In the
    /// paper with machines=items. Compares all items with all: set validate-every where the epoch is chosen by validation.
    /// </summary>
    public bool Neighborhood { get; init; }

    /// <summary>Users two items must share for their similarity to count in full; with n fewer it counts n/50. <value>50, as in the authors' code; 0 counts all in full, as the paper is written</value></summary>
    [Range(0, 100_000)]
    public int NeighborSupport { get; init; } = 50;
}

/// <summary>
/// UI-RBM (Georgiev and Nakov 2013): the rating of user i for item j is (a^U_j + sum_p w^U_jp h^U_ip + a^I_i + sum_q w^I_iq h^I_jq) / 2. One visible bias an item
/// in the user machine and one a user in the item machine, as in the authors' code (equation 3 prints them the other way round). With one machine it is
/// their U-RBM or I-RBM, and with neighbors I-RBM+INB.
/// </summary>
internal sealed class UiRbm(UiRbmOptions options, ModelShape shape) : UserItemRbm(nameof(UiRbm), shape, options)
{
    private readonly Lock gate = new();
    private (RbmPrediction Of, RatingNeighbors Neighbors)? completed;

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<UiRbmOptions>((options, shape) => new UiRbm(options, shape))
    {
        Id = "ui-rbm",
        Name = "UI-RBM",
        Family = "Boltzmann",
        Summary = "Rating prediction by two Boltzmann machines over the whole matrix, one of users and one of items, that average what they reconstruct.",
        Paper = "K. Georgiev and P. Nakov: A Non-IID Framework for Collaborative Filtering with Restricted Boltzmann Machines. ICML 2013.",
        Answers = Capabilities.KnownUsers,
        Inputs = [RatingValues.Required],
        PredictsRatings = true,
        Check = RequireLevels,
    };

    /// <inheritdoc/>
    protected override float Predict(RbmPrediction ready, int user, int item) =>
        options.Neighborhood && user >= 0 && item >= 0 && Pairs.ByUser.Length(user) > 0 ? Neighbors(ready).Predict(user, item) : ready.Value(user, item);

    private RatingNeighbors Neighbors(RbmPrediction ready)
    {
        lock (gate)
        {
            if (completed is not { } known || !ReferenceEquals(known.Of, ready))
            {
                completed = known = (ready, new RatingNeighbors(Pairs, ready.ItemMeans, ready.Value, options.NeighborSupport));
            }

            return known.Neighbors;
        }
    }
}
