using Tastemaker.Inputs;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Models.Boltzmann;

/// <summary>
/// UI-RBM (Georgiev and Nakov 2013): the rating of user i for item j is (a^U_j + sum_p w^U_jp h^U_ip + a^I_i + sum_q w^I_iq h^I_jq) / 2. One visible bias an item
/// in the user machine and one a user in the item machine, as in the authors' code (equation 3 prints them the other way round). With one machine it is
/// their U-RBM or I-RBM, and with neighbours I-RBM+INB.
/// </summary>
internal sealed class UiRbm(UiRbmOptions options, ModelShape shape) : UserItemRbm(nameof(UiRbm), shape, options)
{
    private readonly Lock gate = new();
    private (Prediction Of, RatingNeighbors Neighbors)? completed;

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<UiRbmOptions>((options, shape) => new UiRbm(options, shape))
    {
        Id = "ui-rbm",
        Name = "UI-RBM",
        Family = "Boltzmann",
        Summary = "Rating prediction by two Boltzmann machines over the whole matrix, one of users and one of items, that average what they reconstruct.",
        Paper = "K. Georgiev and P. Nakov: A Non-IID Framework for Collaborative Filtering with Restricted Boltzmann Machines. ICML 2013.",
        Answers = Answers.KnownUsers,
        Inputs = [RatingValues.Required],
        PredictsRatings = true,
        Check = RequireLevels,
    };

    /// <inheritdoc/>
    protected override float Predict(Prediction ready, int user, int item) =>
        options.Neighborhood && user >= 0 && item >= 0 && Pairs.ByUser.Length(user) > 0 ? Neighbors(ready).Predict(user, item) : ready.Value(user, item);

    private RatingNeighbors Neighbors(Prediction ready)
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
