namespace Tastemaker.Data.Filters;

/// <summary>
/// A way to drop interactions, or to label them, as a value: printable, comparable. Each filter is one record in this folder;
/// <see cref="object.ToString"/> gives the text that <see cref="FilterSyntax"/> parses.
/// </summary>
public abstract record DataFilter
{
    /// <summary>The data set as the filter leaves it; users and items that no longer occur leave the vocabularies.</summary>
    /// <exception cref="InputException">Nothing remains, or the data lacks what the filter needs.</exception>
    public abstract Dataset Apply(Dataset data);

    /// <summary>What is out of range or impossible in combination; each a sentence.</summary>
    internal virtual IEnumerable<string> Problems() => [];

    /// <summary>Refuses to run with options that are out of range.</summary>
    private protected void Check()
    {
        string[] problems = [.. Problems()];
        if (problems.Length > 0)
        {
            throw new InputException([.. problems.Select(problem => $"The filter '{this}': {problem}")]);
        }
    }

    /// <summary>The data set with only the rows for which <paramref name="keep"/> holds.</summary>
    private protected Dataset Retain(Dataset data, Predicate<int> keep, string remedy)
    {
        var rows = new List<int>(data.Interactions.Count);
        for (var row = 0; row < data.Interactions.Count; row++)
        {
            if (keep(row))
            {
                rows.Add(row);
            }
        }

        return rows.Count > 0
            ? data.Restrict([.. rows], ToString())
            : throw new InputException($"The filter '{this}' leaves none of the {data.Interactions.Count} interactions of '{data.Name}'. {remedy}");
    }

    /// <summary>Refuses data without times.</summary>
    private protected void NeedTimes(Dataset data)
    {
        if (!data.Interactions.HasTimes)
        {
            throw new InputException($"The filter '{this}' needs the time of each interaction, which '{data.Name}' does not have. Name its time column at import.");
        }
    }

    /// <summary>Refuses labelled data.</summary>
    private protected void NeedUnlabelled(Dataset data, string remedy)
    {
        if (data.IsLabelled)
        {
            throw new InputException($"The filter '{this}' makes no sense for the 0/1 labels of '{data.Name}'. {remedy}");
        }
    }

    /// <summary>Refuses data without values.</summary>
    private protected void NeedValues(Dataset data)
    {
        if (!data.Interactions.HasValues)
        {
            throw new InputException($"The filter '{this}' needs values (ratings, counts), which '{data.Name}' does not have. Leave the filter out, or name the value column at import.");
        }
    }
}
