using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Configuration;

/// <summary>A map of settings in YAML (or JSON, which YAML contains), with places for messages.</summary>
/// <param name="Name">File name, or what stands for it in messages.</param>
/// <param name="Root">The settings.</param>
internal sealed record ConfigurationSource(string Name, YamlMappingNode Root)
{
    /// <summary>The settings of a file.</summary>
    /// <exception cref="InputException">The file is missing or is not a YAML or JSON map.</exception>
    public static ConfigurationSource FromFile(string path) =>
        File.Exists(path) ? FromText(path, File.ReadAllText(path)) : throw new InputException($"There is no file '{path}'.");

    /// <summary>The settings of a text.</summary>
    /// <exception cref="InputException">The text is not a YAML or JSON map.</exception>
    public static ConfigurationSource FromText(string name, string text)
    {
        // JSON allows tabs between tokens where YAML does not; neither allows one inside a quoted text.
        return Parse(name, text.Replace('\t', ' ')) switch
        {
            null => new ConfigurationSource(name, new YamlMappingNode()),
            YamlMappingNode root => new ConfigurationSource(name, root),
            _ => throw new InputException($"{name}: the file must be one map of 'name: value' lines."),
        };
    }

    /// <summary>The only document of a YAML text; null where it is empty.</summary>
    /// <exception cref="InputException">The text is not valid YAML, or several documents.</exception>
    public static YamlNode? Parse(string name, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count <= 1 ? stream.Documents.FirstOrDefault()?.RootNode : throw new InputException($"{name}: one YAML document is due, not several.");
        }
        catch (Exception error) when (error is YamlException or InvalidOperationException)
        {
            // The scanner reports some texts it cannot make sense of without a place.
            var place = error is YamlException placed ? $"{name}:{placed.Start.Line}" : name;
            throw new InputException($"{place}: this is not valid YAML: {error.Message}", error);
        }
    }

    /// <summary>The entries of a map, in order.</summary>
    public IEnumerable<OptionAssignment> Entries(YamlMappingNode map) =>
        map.Children.Select(entry => new OptionAssignment(((YamlScalarNode)entry.Key).Value ?? "", entry.Value, Place(entry.Key)));

    /// <summary>"file:line" of a node.</summary>
    public string Place(YamlNode node) => $"{Name}:{node.Start.Line}";
}
