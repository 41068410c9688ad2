namespace Tastemaker.Data.Import.Reading;

/// <summary>DuckDB refused or could not finish a query; callers turn it into an <see cref="InputException"/> that names the file.</summary>
internal sealed class QueryFailedException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The first line of DuckDB's message, without its hints.</summary>
    public string Summary => Message.Split('\n', 2)[0].Trim();
}
