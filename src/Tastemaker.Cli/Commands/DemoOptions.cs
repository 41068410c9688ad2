using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Systems;

namespace Tastemaker.Cli.Commands;

/// <summary>Hyper-parameters that suit the small sample, where the defaults are made for larger data.</summary>
internal static class DemoOptions
{
    public static ModelOptions For(SystemInfo system) => system.DefaultOptions switch
    {
        NeuMFOptions options => options with { PretrainingEpochs = 0, Epochs = 6, BatchSize = 1024, LearningRate = 2e-3 },
        MultiVaeOptions options => options with { Epochs = 60, BatchSize = 100 },
        var options => options,
    };
}
