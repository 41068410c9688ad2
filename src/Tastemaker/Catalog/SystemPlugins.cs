using System.Reflection;
using Tastemaker.Systems;

namespace Tastemaker.Catalog;

/// <summary>Assemblies with systems of their own.</summary>
public static class SystemPlugins
{
    /// <summary>
    /// Loads an assembly and registers its systems: every public static property of type <see cref="SystemInfo"/> of its public types. What it depends on is looked for beside it.
    /// </summary>
    /// <param name="path">The assembly, such as <c>bin/Release/net10.0/MySystems.dll</c>.</param>
    /// <returns>Its systems.</returns>
    /// <exception cref="InputException">There is no such file, it is no .NET assembly, it was built against another version of this library, or it has no systems.</exception>
    public static IReadOnlyList<SystemInfo> Load(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new InputException($"There is no plugin '{path}'. Build it, and name the .dll that the build wrote.");
        }

        List<SystemInfo> found;
        try
        {
            found = [.. Assembly.LoadFrom(full).GetExportedTypes()
                .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
                .Where(property => property.GetMethod?.IsPublic == true && property.GetIndexParameters().Length == 0 && typeof(SystemInfo).IsAssignableFrom(property.PropertyType))
                .Select(property => property.GetValue(null)).OfType<SystemInfo>()];
        }
        catch (BadImageFormatException error)
        {
            throw new InputException($"The plugin '{path}' is no .NET assembly for this platform. Name the .dll that the build wrote.", error);
        }
        catch (Exception error) when (error is TypeLoadException or MissingMemberException or FileNotFoundException or FileLoadException or ReflectionTypeLoadException or TargetInvocationException)
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new InputException($"The plugin '{path}' cannot be used: {cause.Message.Split('\n')[0]} Build it against this version of the library, and keep what it depends on beside it.", error);
        }

        if (found.Count == 0)
        {
            throw new InputException($"The plugin '{path}' has no systems: a public class with a public static property of type SystemInfo is one.");
        }

        found.ForEach(SystemCatalog.Register);
        return found;
    }
}
