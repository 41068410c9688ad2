using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Configuration;

/// <summary>A value given to an option, and where.</summary>
/// <param name="Key">The option's name as given.</param>
/// <param name="Value">A scalar, or a list of scalars.</param>
/// <param name="Origin">"file:line", or "--set".</param>
internal sealed record OptionAssignment(string Key, YamlNode Value, string Origin)
{
    /// <summary>A "key=value" of the command line; the value is YAML: "layers=[64, 32]".</summary>
    /// <exception cref="InputException">There is no "=", or the value is not YAML.</exception>
    public static OptionAssignment Parse(string setting)
    {
        var split = setting.IndexOf('=', StringComparison.Ordinal);
        if (split <= 0)
        {
            throw new InputException($"--set {setting}: write it as name=value, e.g. --set learning-rate=0.001.");
        }

        var value = ConfigurationSource.Parse($"--set {setting}", setting[(split + 1)..]) ?? new YamlScalarNode("") { Style = ScalarStyle.SingleQuoted };
        return new OptionAssignment(setting[..split].Trim(), value, $"--set {setting}");
    }
}
