using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Reads delimited text as UTF-8 first and, where it is not, as Latin-1; other failures become explanations.</summary>
internal static class EncodingFallback
{
    /// <summary>Runs a read of a relation; after a failure by encoding it runs again from the start, with the relation as Latin-1.</summary>
    /// <exception cref="InputException">The relation cannot be read.</exception>
    public static T Run<T>(
        Relation relation, DuckDbSession session, DataOptions options, List<string> warnings,
        Func<Relation, IReadOnlyDictionary<string, string>> types, Func<Relation, T> read)
    {
        try
        {
            return read(relation);
        }
        catch (QueryFailedException failure) when (IsEncoding(failure) && options.Encoding == TextEncoding.Auto && relation is DelimitedRelation { Dialect.Encoding: "utf-8" } text)
        {
            warnings.Add($"{relation.Label} is not valid UTF-8; it was read as Latin-1.");
            return Run(text with { Dialect = text.Dialect with { Encoding = "latin-1" } }, session, options, warnings, types, read);
        }
        catch (QueryFailedException failure)
        {
            throw relation.Explain(failure, session, types(relation));
        }
    }

    private static bool IsEncoding(QueryFailedException failure) =>
        failure.Message.Contains("not utf-8 encoded", StringComparison.OrdinalIgnoreCase)
        || failure.Message.Contains("byte sequence mismatch", StringComparison.OrdinalIgnoreCase);
}
