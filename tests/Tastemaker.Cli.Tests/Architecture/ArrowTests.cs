using Mono.Cecil;
using Mono.Cecil.Cil;
using Tastemaker.Tests.Documentation;

namespace Tastemaker.Cli.Tests.Architecture;

/// <summary>The folders of an assembly use only those that docs/architecture.md lets them use, and never each other in a circle.</summary>
public class ArrowTests
{
    public static TheoryData<string> Assemblies => ["Tastemaker.Core", "Tastemaker", "Tastemaker.Onnx", "Tastemaker.Serving", "Tastemaker.Server", "Tastemaker.Cli"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_use_what_the_page_on_architecture_allows(string assembly)
    {
        var allowed = Allowed(assembly);
        var used = Used(assembly);

        used.Keys.Except(allowed.Keys).ShouldBeEmpty("Folders that the page does not name.");
        allowed.Keys.Except(used.Keys).ShouldBeEmpty("Folders that the page names and the assembly lacks.");
        used.SelectMany(folder => folder.Value.Where(arrow => !allowed[folder.Key].Contains(arrow.Key)).Select(arrow => $"{folder.Key} uses {arrow.Key}: {string.Join(", ", arrow.Value.Take(3))}")).ShouldBeEmpty();
        allowed.SelectMany(folder => folder.Value.Where(other => !used[folder.Key].ContainsKey(other)).Select(other => $"{folder.Key} no longer uses {other}")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_folders_use_each_other_in_a_circle(string assembly)
    {
        var left = Allowed(assembly).ToDictionary(folder => folder.Key, folder => folder.Value.ToHashSet());
        while (left.FirstOrDefault(folder => folder.Value.Count == 0).Key is { } lowest)
        {
            left.Remove(lowest);
            foreach (var others in left.Values)
            {
                others.Remove(lowest);
            }
        }

        left.Keys.ShouldBeEmpty("Each of these uses another of them.");
    }

    [Fact]
    public void An_arrow_is_seen_in_fields_signatures_and_bodies()
    {
        var used = Used("Tastemaker");

        used["Systems"]["Inputs"].ShouldContain(use => use.StartsWith("SystemInfo -> ", StringComparison.Ordinal)); // a property
        used["Runs"]["Recommending"].ShouldContain(use => use.StartsWith("Experiment -> ", StringComparison.Ordinal)); // a result
        used["Catalog"]["Models"].ShouldContain("SystemCatalog -> Popularity"); // a call alone
    }

    // The rows of the table whose first column names folders of the assembly.
    private static Dictionary<string, string[]> Allowed(string assembly)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var first = Array.FindIndex(lines, line => line.StartsWith($"| folder of `src/{assembly}` ", StringComparison.Ordinal));
        return lines.Skip(first + 2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1], cells => cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // What types of each folder use of other folders. What lies in the root of an assembly is everybody's, as errors are, or the front door.
    private static Dictionary<string, Dictionary<string, SortedSet<string>>> Used(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly == "Tastemaker.Cli" ? "taste.dll" : $"{assembly}.dll"));
        var root = assembly is "Tastemaker.Core" ? "Tastemaker" : assembly;
        string? Folder(TypeReference type) => Outermost(type).Namespace is var name && name.StartsWith(root + '.', StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : null;
        var used = new Dictionary<string, Dictionary<string, SortedSet<string>>>();
        foreach (var type in module.GetTypes().Where(type => Folder(type) is not null))
        {
            var arrows = used.TryGetValue(Folder(type)!, out var known) ? known : used[Folder(type)!] = [];
            foreach (var other in Mentioned(type).SelectMany(Parts).Where(other => other.Scope is ModuleDefinition && Folder(other) is { } folder && folder != Folder(type)))
            {
                var uses = arrows.TryGetValue(Folder(other)!, out var found) ? found : arrows[Folder(other)!] = new(StringComparer.Ordinal);
                uses.Add($"{Outermost(type).Name} -> {other.Name}");
            }
        }

        return used;
    }

    private static IEnumerable<TypeReference?> Mentioned(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(found => found.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
        .. type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        .. type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).SelectMany(Mentioned),
        .. type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Variables).Select(variable => variable.VariableType),
    ];

    private static IEnumerable<TypeReference?> Mentioned(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
