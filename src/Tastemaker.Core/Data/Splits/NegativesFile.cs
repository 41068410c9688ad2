namespace Tastemaker.Data.Splits;

/// <summary>
/// Sampled candidates in the layout of Neural Collaborative Filtering: a line a held-out interaction, <c>(user,item)</c>, a tab, and the
/// items to rank it among, separated by tabs.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="ItemsByUser">Candidates of each user, over all lines of the user.</param>
internal sealed record NegativesFile(string Path, IReadOnlyDictionary<string, List<string>> ItemsByUser)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="user">Turns its users into those of the data set.</param>
    /// <param name="item">Turns its items into those of the data set.</param>
    /// <exception cref="InputException">The file is missing or a line has another form.</exception>
    public static NegativesFile Read(string path, Func<string, string> user, Func<string, string> item)
    {
        var problems = new RowProblems(path, 1);
        var byUser = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var rows = TextTable.Read(path, "\t").Rows;
        for (var row = 0; row < rows.Count; row++)
        {
            var key = rows[row][0]?.Trim() ?? "";
            var comma = key.IndexOf(',', StringComparison.Ordinal);
            if (comma < 0 || key[0] != '(' || key[^1] != ')')
            {
                problems.Add(row, $"does not begin with '(user,item)' but with '{key}'");
                continue;
            }

            var id = user(key[1..comma].Trim());
            if (!byUser.TryGetValue(id, out var items))
            {
                byUser[id] = items = [];
            }

            items.AddRange(rows[row].Skip(1).Where(cell => !string.IsNullOrWhiteSpace(cell)).Select(cell => item(cell!.Trim())));
        }

        problems.ThrowIfAny();
        return new NegativesFile(path, byUser);
    }

    /// <summary>The hold-out with these candidates and its targets as the only ones.</summary>
    /// <exception cref="InputException">A user has no line, or a candidate is not in the catalog.</exception>
    public HoldOut Narrow(HoldOut holdOut, int[] users, Dataset data)
    {
        List<string> problems = [];
        var rows = new List<int[]>(users.Length);
        var counts = new HashSet<int>();
        for (var request = 0; request < users.Length; request++)
        {
            var id = data.Users[users[request]];
            var negatives = ItemsByUser.GetValueOrDefault(id) ?? [];
            counts.Add(negatives.Count);
            if (negatives.Count == 0)
            {
                problems.Add($"'{Path}' has no candidates for user {id}, who has a test target.");
            }

            problems.AddRange(negatives.Where(item => data.Items.IndexOf(item) < 0).Select(item => $"'{Path}' names item {item}, which '{data.Name}' does not have."));
            rows.Add([.. negatives.Select(item => data.Items.IndexOf(item)).Concat(holdOut.Targets[request].ToArray()).Distinct().Order()]);
        }

        if (problems.Count > 0)
        {
            const int Shown = 5;
            throw new InputException([.. problems.Take(Shown), .. problems.Count > Shown ? [$"There are {problems.Count - Shown} more problems with '{Path}'."] : Array.Empty<string>()]);
        }

        var label = counts.Count == 1 ? $"sampled({counts.Single()}, file)" : "sampled(file)";
        // The candidates say all there is to say: what was seen stays a candidate where the file says so.
        return holdOut with { Candidates = SparseRows.FromRows(rows, data.Items.Count), CandidateLabel = label, Excluded = null };
    }
}
