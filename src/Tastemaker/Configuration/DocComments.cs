using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Tastemaker.Configuration;

/// <summary>Doc comments at run time, from the XML documentation file that the build puts beside each library.</summary>
internal static partial class DocComments
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Files = new();

    /// <summary>A property's summary in one line; empty where there is no documentation file or no comment.</summary>
    public static string Of(PropertyInfo property) =>
        Files.GetOrAdd(property.DeclaringType!.Assembly, Load).GetValueOrDefault($"P:{property.DeclaringType.FullName}.{property.Name}", "");

    private static Dictionary<string, string> Load(Assembly assembly)
    {
        var folder = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory; // a plugin has a folder of its own
        var path = Path.Combine(folder, assembly.GetName().Name + ".xml");
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return XDocument.Load(path).Descendants("member")
                .Where(member => member.Element("summary") is not null && member.Attribute("name") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));
        }
        catch (XmlException)
        {
            // Descriptions are a courtesy: a damaged file must not stop a run.
            return [];
        }
    }

    private static string Text(XElement element)
    {
        var parts = element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "value" } value => $"(default {Text(value)})",
            XElement child when (child.Attribute("cref") ?? child.Attribute("name") ?? child.Attribute("langword")) is { } reference =>
                reference.Value.Split(':')[^1].Split('(')[0].Split('.')[^1],
            XElement child => Text(child),
            XText text => text.Value,
            _ => "",
        });
        return Spaces().Replace(string.Concat(parts), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
