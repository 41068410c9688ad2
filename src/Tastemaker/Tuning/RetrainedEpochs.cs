using Tastemaker.Configuration;
using Tastemaker.Data.Splits;

namespace Tastemaker.Tuning;

/// <summary>How long a run trains once the validation part is in its training data: nothing stops it early then.</summary>
internal static class RetrainedEpochs
{
    /// <summary>A run that trains for the epochs that were best on the validation part; the run itself where the system has no epochs.</summary>
    /// <param name="configuration">The run.</param>
    /// <param name="bestEpoch">The best epoch, from 0; null where there is none.</param>
    /// <param name="data">The data that is to be trained on.</param>
    public static RunConfiguration Of(RunConfiguration configuration, int? bestEpoch, Split data)
    {
        if (bestEpoch is not { } epoch || OptionSchema.Of(configuration.System.OptionsType).Find("epochs") is not { } option)
        {
            return configuration;
        }

        using var model = configuration.System.Make(configuration.System.Resolve(configuration.Options, data.Train), data.Train);
        var options = configuration.Options with { };
        option.Property.SetValue(options, Math.Max(1, (int)option.Property.GetValue(options)! - model.Plan.Epochs + epoch + 1));
        return configuration with { Options = options };
    }
}
