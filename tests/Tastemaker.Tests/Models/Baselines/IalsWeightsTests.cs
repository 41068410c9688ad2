using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Tests.Conformance;

namespace Tastemaker.Tests.Models.Baselines;

/// <summary>The weights that iALS derives from the data.</summary>
public sealed class IalsWeightsTests
{
    // 100 users with 4 of 50 items each, every item 8 times: density .08, noise level 1/2 + 1/sqrt(8) = .8536.
    private static readonly TrainingSet Regular = PlantedTaste.Regular(users: 100, items: 50, each: 4);

    [Fact]
    public void All_pairs_weigh_ten_times_what_observed_ones_do_and_the_threshold_is_a_share_of_the_noise()
    {
        var derived = IalsWeights.Derive(new IalsOptions(), Regular);

        derived.UnobservedWeight!.Value.ShouldBe(10 * 0.08, 1e-9);
        derived.Regularization!.Value.ShouldBe(0.3 * 0.85355 / 11, 5e-5);
    }

    [Fact]
    public void A_weight_that_is_given_is_kept_and_the_other_follows_from_it()
    {
        var given = IalsWeights.Derive(new IalsOptions { UnobservedWeight = 0.08 }, Regular); // as heavy as the observed ones

        given.UnobservedWeight.ShouldBe(0.08);
        given.Regularization!.Value.ShouldBe(0.3 * 0.85355 / 2, 5e-4);
        IalsWeights.Derive(new IalsOptions { Regularization = 7 }, Regular).ShouldBe(new IalsOptions { UnobservedWeight = 0.8, Regularization = 7 });
        var both = new IalsOptions { UnobservedWeight = 0, Regularization = 1 };
        IalsWeights.Derive(both, Regular).ShouldBeSameAs(both);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Under_another_exponent_rows_of_average_activity_are_penalised_as_much(double exponent)
    {
        // In regular data a user's penalty is lambda (4 + .8 50)^nu and an item's lambda (8 + .8 100)^nu: geometric means are compared.
        double Penalty(double nu)
        {
            var derived = IalsWeights.Derive(new IalsOptions { FrequencyExponent = nu }, Regular);
            return derived.Regularization!.Value * Math.Pow(44 * 88, nu / 2);
        }

        Penalty(exponent).ShouldBe(Penalty(1), 0.01 * Penalty(1));
    }

    [Fact]
    public void Values_that_the_data_decides_are_stored_with_the_model()
    {
        var info = SystemCatalog.Find("ials");
        var resolved = (IalsOptions)info.Resolve(info.DefaultOptions, Regular);

        resolved.ShouldBe(IalsWeights.Derive(new IalsOptions(), Regular));
        info.Resolve(resolved, Regular).ShouldBe(resolved);
        ((GradientModelOptions)SystemCatalog.Find("multi-vae").Resolve(SystemCatalog.Find("multi-vae").DefaultOptions, Regular)).BatchSize.ShouldBe(16); // 100 users
    }
}
