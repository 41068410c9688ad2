using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Models;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class UnknownCategoriesTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dataset data = Rows.Data();

    public static TheoryData<string, string> Systems => new()
    {
        { "wide-deep", "hidden=[8]" }, { "deepfm", "hidden=[8]" }, { "dcn-v2", "hidden=[8]" }, { "dlrm", "hidden=[8]" },
        { "xdeepfm", "hidden=[8]" }, { "autoint", "weight-decay=0.01" }, { "fm", "regularization=0.1" }, { "ffm", "optimizer=adam" },
    };

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Systems))]
    public void An_unknown_category_adds_nothing_before_and_after_training_without_one(string system, string setting)
    {
        using var model = Model(system, setting);
        UnknownRows(model).ShouldAllBe(row => row.abs().max().item<float>() == 0);

        Train(model);

        var tables = model.modules().OfType<FieldEmbeddings>().ToArray();
        tables.ShouldNotBeEmpty();
        tables.ShouldAllBe(table => table.Table.Weight.abs().max().item<float>() > 0);
        UnknownRows(model).ShouldAllBe(row => row.abs().max().item<float>() == 0);
    }

    [Theory]
    [InlineData("fm")]
    [InlineData("deepfm")]
    public void What_training_rows_hold_as_unknown_is_learned(string system)
    {
        using var model = Model(system, "fields=[\"user(minimum-count=1000)\", item]");

        Train(model);

        UnknownRows(model).ShouldContain(row => row.abs().max().item<float>() > 1e-4);
    }

    private FeatureModel Model(string system, string setting)
    {
        manual_seed(3);
        var run = RunConfigurationReader.Read(SystemCatalog.Find, ConfigurationSource.FromText("run.yaml", $"system: {system}"), [setting, "batch-size=32"]);
        return (FeatureModel)run.System.Make(run.Options, new TrainingSet(data));
    }

    private void Train(FeatureModel model)
    {
        var (train, training) = (new TrainingSet(data), new TrainingOptions { Threads = 1 });
        using var modelTraining = model.Begin(train, training);
        modelTraining.RunEpoch(new EpochContext(train, 0, training, (_, _, _, _) => { }, TestContext.Current.CancellationToken));
        modelTraining.Dispose();
    }

    private static IEnumerable<Tensor> UnknownRows(FeatureModel model)
    {
        foreach (var embeddings in model.modules().OfType<FieldEmbeddings>())
        {
            var row = 0;
            foreach (var field in embeddings.Fields)
            {
                if (field.Kind is not FieldKind.Number)
                {
                    yield return embeddings.Table.Weight[row];
                }

                row += field.Kind is FieldKind.Number ? 1 : field.Size;
            }
        }
    }
}
