using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Tastemaker.Options;

namespace Tastemaker.Configuration;

/// <summary>
/// The options of a record, read from its properties, their attributes and their doc comments: the one source of help, documentation,
/// validation and search spaces. Base records' options come last.
/// </summary>
internal sealed class OptionSchema
{
    private static readonly ConcurrentDictionary<Type, OptionSchema> Schemas = new();

    private readonly Dictionary<string, OptionInfo> byName;

    private OptionSchema(Type type)
    {
        Type = type;
        var defaults = Activator.CreateInstance(type);
        var nullability = new NullabilityInfoContext();
        Options =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property is { CanWrite: true, CanRead: true } && property.GetIndexParameters().Length == 0)
                .OrderBy(property => -Depth(property.DeclaringType!))
                .Select(property => Read(property, defaults, nullability)),
        ];
        byName = Options.ToDictionary(option => OptionText.Fold(option.Name));
        foreach (var option in Options.Where(option => option.Symbol is not null))
        {
            // Not where another option is called so, or another symbol is the same but for its case.
            byName.TryAdd(OptionText.Fold(option.Symbol!), option);
        }
    }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>Its options.</summary>
    public IReadOnlyList<OptionInfo> Options { get; }

    /// <summary>The schema of a record with a parameterless constructor.</summary>
    public static OptionSchema Of(Type type) => Schemas.GetOrAdd(type, made => new OptionSchema(made));

    /// <summary>The option of that name in kebab-case, camelCase, PascalCase or snake_case, or of that symbol; null if there is none.</summary>
    public OptionInfo? Find(string name) => byName.GetValueOrDefault(OptionText.Fold(name));

    /// <summary>Options of a record whose values are outside their ranges.</summary>
    public IEnumerable<string> RangeProblems(object record)
    {
        foreach (var option in Options.Where(option => option.Range is not null))
        {
            var value = option.Property.GetValue(record);
            foreach (var number in option.IsList ? ((System.Collections.IEnumerable)(value ?? Array.Empty<object>())).Cast<object>() : value is null ? [] : [value])
            {
                if (RangeProblem(option, Convert.ToDouble(number, CultureInfo.InvariantCulture)) is { } problem)
                {
                    yield return problem;
                }
            }
        }
    }

    /// <summary>A sentence if a value is outside an option's range; null if it is inside.</summary>
    public static string? RangeProblem(OptionInfo option, double value) =>
        option.Range is var (minimum, maximum) && !(value >= minimum && value <= maximum)
            ? string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value:R}; it must be from {option.RangeText}.")
            : null;

    private static OptionInfo Read(PropertyInfo property, object? defaults, NullabilityInfoContext nullability)
    {
        var isMap = property.PropertyType.IsAssignableFrom(typeof(Dictionary<string, string>)) && property.PropertyType != typeof(object);
        var element = isMap ? typeof(string) : ElementOf(property.PropertyType);
        var single = Nullable.GetUnderlyingType(element ?? property.PropertyType) ?? element ?? property.PropertyType;
        return new OptionInfo
        {
            Property = property,
            Name = OptionText.Kebab(property.Name),
            Symbol = property.GetCustomAttribute<SymbolAttribute>()?.Name,
            Kind = KindOf(single, property),
            ElementType = single,
            IsList = element is not null && !isMap,
            IsMap = isMap,
            IsOptional = nullability.Create(property).WriteState == NullabilityState.Nullable,
            IsRequired = property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute"),
            IsAddedLater = property.IsDefined(typeof(AddedLaterAttribute), inherit: true),
            Default = property.GetValue(defaults),
            Range = property.GetCustomAttribute<RangeAttribute>() is { } range
                ? (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture))
                : null,
            Search = property.GetCustomAttribute<SearchAttribute>(),
            SearchChoices = property.GetCustomAttribute<SearchChoicesAttribute>() is not { } choices ? null : choices.Values.Count > 0 ? choices.Values : AllOf(single),
            Choices = single.IsEnum ? AllOf(single) : [],
            Description = DocComments.Of(property),
        };
    }

    private static IReadOnlyList<string> AllOf(Type type) =>
        type.IsEnum ? [.. Enum.GetNames(type).Select(OptionText.Kebab)] : type == typeof(bool) ? ["false", "true"] : [];

    private static Type? ElementOf(Type type) =>
        type == typeof(string) ? null
        : type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(element.MakeArrayType()) ? element
        : null;

    private static OptionKind KindOf(Type type, PropertyInfo property) =>
        type == typeof(bool) ? OptionKind.Switch
        : type.IsEnum ? OptionKind.Choice
        : type == typeof(string) || type == typeof(char) ? OptionKind.Text
        : type == typeof(int) || type == typeof(long) || type == typeof(ulong) || type == typeof(uint) ? OptionKind.Integer
        : type == typeof(double) || type == typeof(float) ? OptionKind.Number
        : throw new NotSupportedException($"{property.DeclaringType!.Name}.{property.Name}: options of type {type.Name} are not supported.");

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
