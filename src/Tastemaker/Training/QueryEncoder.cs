using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Recommending;

namespace Tastemaker.Training;

/// <summary>Requests as the query side of rows of features: users, contexts and histories, encoded.</summary>
internal sealed class QueryEncoder
{
    private readonly FeatureSpace space;
    private readonly EncodedFeatures users;
    private readonly EncodedFeatures contexts;
    private readonly int[] userRows;
    private readonly int[] contextRows;
    private readonly bool[] isSaid;
    private readonly int[][] histories;

    /// <summary>Encodes requests.</summary>
    /// <exception cref="InputException">A number of a request is none.</exception>
    public QueryEncoder(FeatureSpace space, RequestBatch requests)
    {
        this.space = space;
        int[] rows = [.. Enumerable.Range(0, requests.Count)];
        isSaid = Array.ConvertAll(rows, request => requests.Users[request] >= 0 || requests.Features(request) is not null);
        histories = Array.ConvertAll(rows, request => History(requests.History(request)));
        if (Array.Exists(rows, request => requests.Features(request) is not null || requests.Users[request] < 0))
        {
            (users, contexts) = space.Requests(requests.Users, [.. rows.Select(requests.Features)]);
            (userRows, contextRows) = (rows, rows);
        }
        else
        {
            (users, contexts) = (space.Users, space.NoContext);
            (userRows, contextRows) = (requests.Users.ToArray(), new int[requests.Count]);
        }
    }

    /// <summary>A request beside an item.</summary>
    public RowParts With(int request, int item) => new(users, userRows[request], space.Items, item, contexts, contextRows[request], histories[request]);

    /// <summary>Whether a request is by somebody or says something that the fields may read: a known user, features, or a history with a known item.</summary>
    public bool HasAnything(int request) => isSaid[request] || histories[request].AsSpan().ContainsAnyExcept(0);

    private int[] History(ReadOnlySpan<int> items)
    {
        var newest = items.Length > space.HistoryLength ? items[^space.HistoryLength..] : items;
        var indexes = new int[newest.Length];
        for (var place = 0; place < indexes.Length; place++)
        {
            indexes[place] = space.HistoryIndexes[newest[place]];
        }

        return indexes;
    }
}
