using System.ComponentModel.DataAnnotations;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Options;

namespace Tastemaker.Tests.Configuration;

public sealed record SampleOptions : GradientModelOptions
{
    [Range(1, 1024)]
    public int LatentDimension { get; init; } = 64;

    public double? Dropout { get; init; }

    public IReadOnlyList<int> Layers { get; init; } = [600, 200];

    public bool UseBias { get; init; } = true;

    public string Note { get; init; } = "";

    [AddedLater]
    public bool Newest { get; init; }
}

public sealed class OptionBinderTests
{
    private static SampleOptions Bind(string yaml)
    {
        var source = ConfigurationSource.FromText("options.yaml", yaml);
        return OptionBinder.Bind<SampleOptions>(source.Entries(source.Root), "Sample");
    }

    [Fact]
    public void What_a_paper_calls_an_option_is_another_name_of_it()
    {
        var problems = new List<string>();
        var bound = new OptionBinder(problems).Bind(typeof(Tastemaker.Models.Baselines.EaseOptions), [OptionAssignment.Parse("lambda=250")], "EASE");

        problems.ShouldBeEmpty();
        ((Tastemaker.Models.Baselines.EaseOptions)bound.Record).Regularization.ShouldBe(250);
        bound.Origins.Keys.ShouldBe(["regularization"]);
    }

    [Fact]
    public void Every_symbol_of_a_system_means_one_of_its_options()
    {
        foreach (var schema in SystemCatalog.Systems.Select(system => OptionSchema.Of(system.OptionsType)))
        {
            foreach (var option in schema.Options.Where(option => option.Symbol is not null))
            {
                schema.Find(option.Symbol!).ShouldBe(option, $"{schema.Type.Name}: {option.Symbol}");
            }
        }
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("filters")]
    [InlineData("split")]
    [InlineData("split-seed")]
    [InlineData("system")]
    public void No_system_has_an_option_that_is_called_like_a_setting_of_every_run(string name) => SystemCatalog.Systems
        .Where(system => OptionSchema.Of(system.OptionsType).Find(name) is not null)
        .Select(system => system.Id)
        .ShouldBeEmpty("--set would give the run its value.");

    [Fact]
    public void Names_may_be_kebab_camel_pascal_or_snake()
    {
        var options = Bind("latent-dimension: 8\nlearningRate: 1e-2\nUseBias: no\nbatch_size: 1_0\n".Replace("1_0", "10"));
        options.LatentDimension.ShouldBe(8);
        options.LearningRate.ShouldBe(0.01);
        options.UseBias.ShouldBeFalse();
        options.BatchSize.ShouldBe(10);
    }

    [Fact]
    public void Lists_choices_texts_and_nothing_are_read()
    {
        var options = Bind("""{"layers": [3, 2], "optimizer": "adam-w", "dropout": null, "note": "none"}""");
        options.Layers.ShouldBe([3, 2]);
        options.Optimizer.ShouldBe(OptimizerKind.AdamW);
        options.Dropout.ShouldBeNull();
        options.Note.ShouldBe("none");
        Bind("layers: 7").Layers.ShouldBe([7]);
        Bind("optimizer: SGD").Optimizer.ShouldBe(OptimizerKind.Sgd);
    }

    [Fact]
    public void All_problems_come_at_once_with_their_lines()
    {
        var error = Should.Throw<InputException>(() => Bind(
            "latent-dimensoin: 8\nlearning-rate: fast\nlatent-dimension: 4096\noptimizer: adagard\nbatch-size: 1.5\nlayers: [1, x]\nuse-bias: maybe\nepochs: [1]\n"));
        error.Problems.Count.ShouldBe(8);
        error.Problems[0].ShouldBe("options.yaml:1: Sample has no option 'latent-dimensoin'. Did you mean 'latent-dimension'?");
        error.Problems[1].ShouldContain("options.yaml:2: learning-rate is 'fast'");
        error.Problems[2].ShouldContain("1 to 1024");
        error.Problems[3].ShouldContain("'adagrad'");
        error.Problems[4].ShouldContain("whole number");
        error.Problems[5].ShouldContain("options.yaml:6");
        error.Problems[6].ShouldContain("true or false");
        error.Problems[7].ShouldContain("not a list");
    }

    [Fact]
    public void Later_assignments_win_and_their_origin_is_kept()
    {
        var source = ConfigurationSource.FromText("a.yaml", "\nlatent-dimension: 8\nepochs: 3");
        var problems = new List<string>();
        var bound = new OptionBinder(problems).Bind(typeof(SampleOptions), [.. source.Entries(source.Root), OptionAssignment.Parse("latentDimension=16")], "Sample");
        problems.ShouldBeEmpty();
        ((SampleOptions)bound.Record).LatentDimension.ShouldBe(16);
        bound.Origins["latent-dimension"].ShouldBe("--set latentDimension=16");
        bound.Origins["epochs"].ShouldBe("a.yaml:3");
    }

    [Fact]
    public void A_schema_describes_every_option_from_the_doc_comments()
    {
        var option = OptionSchema.Of(typeof(SampleOptions)).Find("learning-rate")!;
        option.Description.ShouldBe("Learning rate.");
        option.Range.ShouldBe((1e-8, 10));
        option.Search!.Log.ShouldBeTrue();
        option.DefaultText.ShouldBe("0.001");
        OptionSchema.Of(typeof(SampleOptions)).Options[0].Name.ShouldBe("latent-dimension");
    }

    [Fact]
    public void Every_system_has_a_readable_schema_with_descriptions_and_defaults_inside_their_ranges()
    {
        foreach (var system in SystemCatalog.Systems)
        {
            var schema = OptionSchema.Of(system.OptionsType);
            schema.Options.ShouldAllBe(option => option.Description.Length > 0, system.Id);
            schema.RangeProblems(system.DefaultOptions).ShouldBeEmpty(system.Id);
        }
    }

    [Theory]
    [InlineData("LearningRate", "learning-rate")]
    [InlineData("AdamW", "adam-w")]
    [InlineData("L2", "l2")]
    [InlineData("UseSVDPlus", "use-svd-plus")]
    public void Names_become_kebab_case(string name, string expected) => OptionText.Kebab(name).ShouldBe(expected);
}
