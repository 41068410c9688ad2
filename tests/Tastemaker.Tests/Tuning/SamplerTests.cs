using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Tuning.Samplers;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tests.Tuning;

public sealed class SamplerTests
{
    private const int Budget = 60;

    /// <summary>Smallest at learning rate 0.02, 6 layers, with Adam: a bowl in the logarithm, a V over whole numbers, a step over names.</summary>
    private static double Bowl(TrialPoint point)
    {
        var rate = Math.Log10(double.Parse(point["learning-rate"], CultureInfo.InvariantCulture) / 0.02);
        var layers = int.Parse(point["layers"], CultureInfo.InvariantCulture);
        return (rate * rate) + (0.1 * Math.Abs(layers - 6)) + (point["optimizer"] == "adam" ? 0 : 0.3);
    }

    private static SearchSpace Space => Spaces.Of("learning-rate=1e-5..1:log", "layers=1..64:log", "optimizer");

    private static List<Observation> Run(ISampler sampler, SearchSpace space, Func<TrialPoint, double?> loss, ulong seed, int budget = Budget)
    {
        var seen = new List<Observation>();
        while (seen.Count < budget && sampler.Next(space, seen, new SeededRandom(seed, (ulong)seen.Count)) is { } point)
        {
            seen.Add(new Observation(point, loss(point)));
        }

        return seen;
    }

    [Fact]
    public void Tpe_comes_nearer_to_the_optimum_than_random_search_with_the_same_budget()
    {
        double Best(ISampler sampler, ulong seed) => Run(sampler, Space, point => Bowl(point), seed).Min(observation => observation.Loss!.Value);
        ulong[] seeds = [.. Enumerable.Range(1, 20).Select(seed => (ulong)seed)];
        var random = seeds.Select(seed => Best(new RandomSampler(), seed)).ToArray();
        var tpe = seeds.Select(seed => Best(new TpeSampler(10), seed)).ToArray();

        tpe.Average().ShouldBeLessThan(0.6 * random.Average());
        tpe.Zip(random, (one, other) => one < other).Count(better => better).ShouldBeGreaterThanOrEqualTo(14);
    }

    [Fact]
    public void Tpe_looks_where_it_was_good()
    {
        var late = Run(new TpeSampler(10), Space, point => Bowl(point), seed: 5, budget: 90)[60..];
        var rates = late.Select(observation => Math.Log10(double.Parse(observation.Point["learning-rate"], CultureInfo.InvariantCulture))).Order().ToArray();

        rates[rates.Length / 2].ShouldBe(Math.Log10(0.02), 0.5);
        late.Count(observation => observation.Point["optimizer"] == "adam").ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Tpe_keeps_away_from_settings_that_fail()
    {
        static double? Loss(TrialPoint point) => double.Parse(point["offset"], CultureInfo.InvariantCulture) is var offset && offset > 0 ? null : (offset + 0.5) * (offset + 0.5);
        var seen = Run(new TpeSampler(5), Spaces.Of("offset=-1..1"), Loss, seed: 2, budget: 60);

        seen[30..].Count(observation => observation.Loss is null).ShouldBeLessThan(12);
    }

    [Fact]
    public void The_same_seed_gives_the_same_search_and_none_tries_a_setting_twice()
    {
        foreach (var sampler in new ISampler[] { new RandomSampler(), new TpeSampler(10) })
        {
            var first = Run(sampler, Space, point => Bowl(point), seed: 9).Select(observation => observation.Point.Text).ToList();
            Run(sampler, Space, point => Bowl(point), seed: 9).Select(observation => observation.Point.Text).ShouldBe(first);
            first.Distinct().Count().ShouldBe(Budget);
        }
    }

    [Fact]
    public void A_space_of_few_settings_is_tried_whole_and_then_left()
    {
        var space = Spaces.Of("layers=1..3", "bias");
        foreach (var sampler in new ISampler[] { new RandomSampler(), new TpeSampler(3), new GridSampler() })
        {
            Run(sampler, space, _ => 0, seed: 1).Select(observation => observation.Point.Text).Order().ShouldBe(space.Points().Select(point => point.Text).Order());
        }

        Run(new GridSampler(), space, _ => 0, seed: 1)[1].Point.Text.ShouldBe("layers=1 bias=true");
    }

    [Fact]
    public void A_parzen_density_integrates_to_one_and_draws_follow_it()
    {
        var density = new ParzenEstimator([0.1, 0.12, 0.9]);
        const int steps = 20_000;
        var (mass, left) = (0.0, 0.0);
        for (var step = 0; step < steps; step++)
        {
            var place = (step + 0.5) / steps;
            mass += Math.Exp(density.LogDensity(place)) / steps;
            left += place < 0.3 ? Math.Exp(density.LogDensity(place)) / steps : 0;
        }

        var random = new SeededRandom(4);
        var drawn = Enumerable.Range(0, 20_000).Count(_ => density.Draw(random) < 0.3) / 20_000.0;
        mass.ShouldBe(1, 1e-4);
        drawn.ShouldBe(left, 0.01);
    }

    [Fact]
    public void A_choice_has_the_share_of_its_observations_and_the_prior()
    {
        var chances = new ChoiceEstimator(2, [1, 1, 1]);
        Math.Exp(chances.LogDensity(0)).ShouldBe(1.0 / 5, 1e-12);
        Math.Exp(chances.LogDensity(1)).ShouldBe(4.0 / 5, 1e-12);
    }
}
