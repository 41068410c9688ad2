using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Systems;

namespace Tastemaker.Tests.Configuration;

public sealed class RunConfigurationTests
{
    private static SystemInfo Find(string id) => id == "sample"
        ? new SystemInfo<SampleOptions>((_, _) => throw new InvalidOperationException())
        {
            Id = "sample", Name = "Sample", Family = "Tests", Summary = "", Paper = "", Answers = Capabilities.Everyone,
        }
        : SystemCatalog.Find(id);

    private static RunConfiguration Read(string yaml, params string[] settings) =>
        RunConfigurationReader.Read(Find, ConfigurationSource.FromText("run.yaml", yaml), settings);

    [Fact]
    public void Sections_shorthands_and_settings_are_bound()
    {
        var run = Read(
            """
            system: sample
            split: leave-one-out
            filters: [k-core(5)]
            seed: 7
            split-seed: 9
            options: {latent-dimension: 8}
            training: {patience: 3}
            evaluation: {cutoffs: [5], metrics: [ndcg], block-bytes: 65536}
            data: {paths: [a.csv]}
            """,
            "latent-dimension=16", "training.patience=4", "split=ratio(0.8)");
        ((SampleOptions)run.Options).LatentDimension.ShouldBe(16);
        run.Training.Patience.ShouldBe(4);
        run.Training.Seed.ShouldBe(7UL);
        run.SplitSeed.ShouldBe(9UL);
        run.Data.Split.ShouldBe("ratio(0.8)");
        run.Data.Filters.ShouldBe(["k-core(5)"]);
        run.Evaluation.Cutoffs.ShouldBe([5]);
        run.Evaluation.BlockBytes.ShouldBe(65536);
        run.Origins["options.latent-dimension"].ShouldBe("--set latent-dimension=16");
        run.Origins["training.seed"].ShouldBe("run.yaml:4");
    }

    [Fact]
    public void The_effective_configuration_reads_back_as_itself()
    {
        var run = Read("system: sample\noptions: {note: 'true', layers: [], dropout: 0.5}\ndata: {paths: ['a b.csv'], features: {x: text}}\nseed: 18446744073709551615");
        var again = Read(run.ToYaml());
        again.ToJson().ToJsonString().ShouldBe(run.ToJson().ToJsonString());
        again.Fingerprint.ShouldBe(run.Fingerprint);
        Read(run.ToJson().ToJsonString()).Fingerprint.ShouldBe(run.Fingerprint);
    }

    [Fact]
    public void The_fingerprint_ignores_threads_and_nothing_else()
    {
        var run = Read("system: sample");
        Read("system: sample", "training.threads=3").Fingerprint.ShouldBe(run.Fingerprint);
        Read("system: sample", "seed=1").Fingerprint.ShouldNotBe(run.Fingerprint);
        Read("system: sample", "dropout=0.1").Fingerprint.ShouldNotBe(run.Fingerprint);
    }

    [Fact]
    public void The_automatic_metric_has_the_fingerprint_of_what_it_stood_for_and_no_other()
    {
        var run = Read("system: sample");
        run.Training.Metric.ShouldBe("auto");
        Read("system: sample", "metric=ndcg@10").Fingerprint.ShouldBe(run.Fingerprint);
        Read("system: sample", "metric=auc").Fingerprint.ShouldNotBe(run.Fingerprint);
        Read("system: sample\nevaluation: {slices: [gender]}").Fingerprint.ShouldNotBe(run.Fingerprint);
    }

    [Fact]
    public void Options_that_came_later_leave_old_fingerprints_as_they_were_unless_they_are_set()
    {
        var run = Read("system: sample");
        run.Fingerprint.ShouldBe("07516f05796006ee"); // of the first version
        Read("system: sample\ndata: {item-bags: {words: mult.dat}}").Fingerprint.ShouldNotBe(run.Fingerprint);
        Read("system: sample", "newest=false").Fingerprint.ShouldBe(run.Fingerprint);
        Read("system: sample", "newest=true").Fingerprint.ShouldNotBe(run.Fingerprint);
    }

    [Fact]
    public void All_problems_of_all_sections_come_at_once()
    {
        var error = Should.Throw<InputException>(() => Read(
            "system: sample\ntrainig: {}\ntraining: {patiense: 3}\noptions: {latent-dimension: 0}", "threads=2", "latent-dimensoin=3", "nonsense", "bogus.x=1"));
        error.Problems.Count.ShouldBe(7);
        error.Message.ShouldContain("'trainig'");
        error.Message.ShouldContain("patience");
        error.Message.ShouldContain("training.threads");
        error.Message.ShouldContain("no section 'bogus'");
    }

    [Fact]
    public void A_file_that_is_not_yaml_is_refused_with_its_line() =>
        Should.Throw<InputException>(() => Read("system: a\nb: \"c")).Message.ShouldContain("run.yaml:2");

    [Fact]
    public void A_text_the_scanner_trips_over_is_refused() =>
        Should.Throw<InputException>(() => Read("system: [a\nb: 1")).Message.ShouldContain("not valid YAML");

    [Fact]
    public void A_recipe_merges_what_its_systems_share()
    {
        var recipe = new RecipeReader(Find).Read(ConfigurationSource.FromText("r.yaml",
            """
            title: A recipe
            description: What for.
            split: leave-one-out
            seeds: [1, 2]
            training: {patience: 5}
            systems:
              - system: popularity
                reference: {ndcg@10: 0.2211, hr@10: .7505, source: a table}
                targets: {ndcg@10: 0.22}
              - system: sample
                label: sample, wide
                seeds: [3]
                options: {latent-dimension: 512}
                training: {patience: 6}
            """), "r");
        recipe.Entries.Select(entry => entry.Label).ShouldBe(["popularity", "sample, wide"]);
        recipe.Entries[0].Seeds.ShouldBe([1UL, 2UL]);
        recipe.Entries[1].Seeds.ShouldBe([3UL]);
        recipe.Entries[0].Configuration.Training.Patience.ShouldBe(5);
        recipe.Entries[1].Configuration.Training.Patience.ShouldBe(6);
        recipe.Entries[1].Configuration.Data.Split.ShouldBe("leave-one-out");
        recipe.Entries[0].References.ShouldBe(
            [new("ndcg@10", 0.2211, "a table", ReferenceKind.Published), new("hr@10", 0.7505, "a table", ReferenceKind.Published), new("ndcg@10", 0.22, "goal", ReferenceKind.Goal)]);
    }

    [Fact]
    public void A_wrong_recipe_names_every_problem_with_its_line()
    {
        var error = Should.Throw<InputException>(() => new RecipeReader(Find).Read(
            ConfigurationSource.FromText("r.yaml", "systems:\n  - system: popularty\n  - system: popularity\n    targets: {ndcg@10: high}\n  - system: popularity\n"), "r"));
        error.Message.ShouldContain("r.yaml:2");
        error.Message.ShouldContain("r.yaml:4");
        error.Message.ShouldContain("2 entries are called 'popularity'");
    }
}
