using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Solvers;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Boltzmann;

/// <summary>Machines so small that all their states can be counted: three columns, three levels, two hidden units.</summary>
[Collection(nameof(SerialTorch))]
public sealed class RbmCfTests
{
    private static readonly ModelShape Shape = new(4, 3, 1, 3) { Inputs = [new RatingLevels([1, 2, 3])] };
    private static readonly RbmCfOptions Small = new() { Hidden = 2, Regularization = 0, GibbsSteps = [1], GibbsGrowth = [] };

    public static TheoryData<string> Kinds => ["plain", "factored", "conditional"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_free_energy_sums_out_the_hidden_units(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Of(kind));
        foreach (var ratings in All(0, 2))
        {
            FreeEnergy(model, ratings).ShouldBe(-Math.Log(HiddenStates().Sum(hidden => Math.Exp(-Energy(model, ratings, hidden)))), 1e-5);
        }
    }

    [Fact]
    public void The_free_energy_of_gaussian_hidden_units_is_half_the_squares_of_their_inputs()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Small with { HiddenUnits = HiddenUnits.Gaussian });
        var rows = RatingTensors.Of(Requests.Ratings([(0, 3), (2, 1)]));
        var input = Input(model, rows);
        var visible = model.Parameter("bias")[2].item<float>() + model.Parameter("bias")[6].item<float>();
        FreeEnergy(model, [(0, 3), (2, 1)]).ShouldBe(-visible - (0.5 * input.square().sum().item<float>()), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_gradient_of_the_likelihood_is_the_difference_of_expected_gradients_of_the_free_energy(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Of(kind));
        (int, float)[] data = [(0, 3), (2, 1)];
        foreach (var (name, parameter) in model.named_parameters().Where(named => named.name is not "condition.weight"))
        {
            var exact = LikelihoodGradient(model, data, name);
            var differences = Numbers.Differences(
                at =>
                {
                    using var grad = no_grad();
                    using var before = parameter.detach().clone();
                    parameter.copy_(at);
                    var likelihood = -FreeEnergy(model, data) - Math.Log(All(0, 2).Sum(ratings => Math.Exp(-FreeEnergy(model, ratings))));
                    parameter.copy_(before);
                    return tensor(likelihood, float64);
                },
                parameter.detach().to(float64),
                1e-2);
            exact.to(float64).ShouldBeClose(differences, 2e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Contrastive_divergence_of_many_steps_follows_the_likelihood(string kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        (int, float)[] data = [(0, 3), (2, 1)];
        using var model = Create(Of(kind) with { GibbsSteps = [25], SampleRatings = true });
        model.train();
        model.Loss(Requests.Ratings([.. Enumerable.Repeat(data, 20_000)])).backward();
        var estimates = model.named_parameters().Where(named => named.name is not "condition.weight").ToDictionary(named => named.name, named => named.parameter.grad!.clone());
        foreach (var (name, estimate) in estimates)
        {
            (-estimate).ShouldBeClose(LikelihoodGradient(model, data, name), 0.025);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_exact_inference_of_one_rating_is_that_of_counting_all_states(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Of(kind));
        if (kind == "conditional")
        {
            using var grad = no_grad();
            model.Parameter("condition.weight")[1].zero_(); // what is asked for has not been rated
        }

        (int, float)[] given = [(0, 3), (2, 1)];
        var logits = model.ExactLogits(Input(model, RatingTensors.Of(Requests.Ratings(given))), tensor(new long[] { 1 })).squeeze(0);
        double[] weights = [.. Enumerable.Range(1, 3).Select(level => Math.Exp(-FreeEnergy(model, [given[0], (1, level), given[1]])))];
        logits.softmax(0).Values().ShouldBe([.. weights.Select(weight => (float)(weight / weights.Sum()))], 1e-5f);
    }

    [Fact]
    public void Both_ways_to_infer_agree_where_the_weights_are_small_and_predict_expected_ratings()
    {
        using var scope = NewDisposeScope();
        using var exact = Create(Small with { Inference = RatingInference.Exact }, deviation: 0.05);
        using var field = Create(Small, deviation: 0.05);
        var state = new Dictionary<string, Tensor>(exact.State());
        state.AddRows("ratings", new SparseRows([0, 3, 3, 3, 3], [0, 1, 2], 3, [1, 2, 3])); // all columns are rated by someone
        exact.Restore(state);
        field.Restore(state);
        var request = Requests.OfHistories(3, [0, 2]);
        Requests.Scores(exact, request).ShouldBeClose(Requests.Scores(field, request), 2e-3);
        Requests.Scores(exact, request).Cast<float>().ShouldAllBe(rating => rating > 1 && rating < 3);
    }

    [Fact]
    public void Factors_that_are_the_identity_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var plain = Create(Small);
        using var factored = Create(Small with { Factors = 2 });
        using (no_grad())
        {
            factored.Parameter("weights.weight").copy_(plain.Parameter("weights.weight"));
            factored.Parameter("factors").copy_(eye(2));
            factored.Parameter("hiddenBias").copy_(plain.Parameter("hiddenBias"));
            factored.Parameter("bias").copy_(plain.Parameter("bias"));
        }

        SameLossAndGradient(plain, factored);
    }

    [Fact]
    public void A_condition_of_zeros_changes_nothing_and_moves_at_its_own_rate()
    {
        using var scope = NewDisposeScope();
        using var plain = Create(Small);
        using var conditional = Create(Small with { Conditional = true, ConditionalRate = 0.25 });
        using (no_grad())
        {
            foreach (var (name, parameter) in conditional.named_parameters())
            {
                parameter.copy_(name == "condition.weight" ? zeros_like(parameter) : plain.Parameter(name));
            }
        }

        SameLossAndGradient(plain, conditional);
        var ofHidden = conditional.Parameter("hiddenBias").grad!; // both rows have rated column 0
        conditional.Parameter("condition.weight").grad![0].ShouldBeClose(0.25 * ofHidden);
    }

    [Fact]
    public void Columns_without_a_rating_in_the_batch_have_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Small);
        model.Loss(Requests.Ratings([(0, 3), (2, 1)])).backward();
        model.Parameter("weights.weight").grad!.view(3, -1)[1].Values().ShouldAllBe(slope => slope == 0);
        model.Parameter("bias").grad!.view(3, -1)[1].Values().ShouldAllBe(slope => slope == 0);
    }

    [Fact]
    public void The_chain_grows_at_the_epochs_given_and_must_be_described_in_full()
    {
        using var model = Create(Small with { GibbsSteps = [1, 3, 9], GibbsGrowth = [2, 5] });
        Enumerable.Range(0, 7).Select(model.StepsAt).ShouldBe([1, 1, 3, 3, 3, 9, 9]);
        Should.Throw<InputException>(() => Create(Small with { GibbsSteps = [1, 3] })).Message.ShouldContain("gibbs-growth");
    }

    private static RbmCfOptions Of(string kind) => kind switch
    {
        "factored" => Small with { Factors = 3 },
        "conditional" => Small with { Conditional = true },
        _ => Small,
    };

    private static RbmCf Create(RbmCfOptions options, double deviation = 0.7)
    {
        manual_seed(11);
        var model = new RbmCf(options, Shape, RatingSide.Users);
        using var grad = no_grad();
        foreach (var parameter in model.parameters())
        {
            parameter.normal_(0, deviation);
        }

        return model;
    }

    private static void SameLossAndGradient(RbmCf one, RbmCf other)
    {
        var batch = Requests.Ratings([(0, 3), (2, 1)], [(0, 1), (1, 2)]);
        foreach (var model in new[] { one, other })
        {
            manual_seed(8);
                model.Loss(batch).backward();
        }

        other.Parameter("weights.weight").grad!.ShouldBeClose(one.Parameter("weights.weight").grad!);
        other.Parameter("hiddenBias").grad!.ShouldBeClose(one.Parameter("hiddenBias").grad!);
    }

    // The gradient of log p(V) by the expectation over all ratings of the same columns.
    private static Tensor LikelihoodGradient(RbmCf model, (int, float)[] data, string name)
    {
        var vectors = All(0, 2);
        double[] weights = [.. vectors.Select(ratings => Math.Exp(-FreeEnergy(model, ratings)))];
        var expected = -Slope(data);
        for (var vector = 0; vector < vectors.Length; vector++)
        {
            expected += Slope(vectors[vector]) * (weights[vector] / weights.Sum());
        }

        return expected;

        Tensor Slope((int, float)[] ratings)
        {
            model.zero_grad();
            TensorOf(model, ratings).backward();
            return model.Parameter(name).grad!.clone();
        }
    }

    private static double FreeEnergy(RbmCf model, (int, float)[] ratings)
    {
        using var grad = no_grad();
        return TensorOf(model, ratings).item<float>();
    }

    private static Tensor TensorOf(RbmCf model, (int Column, float Value)[] ratings)
    {
        var levels = tensor(ratings.Select(rating => (long)rating.Value - 1).ToArray());
        return model.FreeEnergy(RatingTensors.Of(Requests.Ratings(ratings)), nn.functional.one_hot(levels, 3).to(float32));
    }

    private static Tensor Input(RbmCf model, RatingTensors rows) => model.Input(rows, Shape.Levels!.Of(rows.Values)).detach();

    private static double Energy(RbmCf model, (int Column, float Value)[] ratings, float[] hidden)
    {
        using var grad = no_grad();
        var table = model.Parameter("weights.weight");
        var names = model.named_parameters().Select(named => named.name).ToArray();
        table = names.Contains("factors") ? table.matmul(model.Parameter("factors")) : table;
        var h = tensor(hidden);
        var energy = -(h * model.Parameter("hiddenBias")).sum().item<float>();
        foreach (var (column, value) in ratings)
        {
            var entry = (column * 3) + (int)value - 1;
            energy -= (table[entry] * h).sum().item<float>() + model.Parameter("bias")[entry].item<float>();
            energy -= names.Contains("condition.weight") ? (model.Parameter("condition.weight")[column] * h).sum().item<float>() : 0;
        }

        return energy;
    }

    private static (int, float)[][] All(int first, int second) =>
        [.. from left in Enumerable.Range(1, 3) from right in Enumerable.Range(1, 3) select new (int, float)[] { (first, left), (second, right) }];

    private static float[][] HiddenStates() => [[0, 0], [0, 1], [1, 0], [1, 1]];
}
