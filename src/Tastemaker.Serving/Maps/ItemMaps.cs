using System.Collections.Concurrent;
using Tastemaker.Projection;
using Tastemaker.Recommending;
using Tastemaker.Serving.Answering;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Maps;

/// <summary>Draws the map of each model when first asked for it, and keeps it until the model changes. Thread-safe.</summary>
internal sealed class ItemMaps(ItemCatalog catalog) : IDisposable
{
    private readonly ConcurrentDictionary<string, Drawing> drawings = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The map of the model as it is loaded now.</summary>
    /// <exception cref="InputException">The system has no notion of how alike items are.</exception>
    public Task<ItemMap> OfAsync(ServedModel model, CancellationToken cancellation)
    {
        // Whoever asks first starts the drawing; others wait for it, and it goes on when one of them leaves.
        var version = model.Card.Version;
        var drawing = drawings.AddOrUpdate(
            model.Name, _ => Start(), (_, last) => last.Version == version && !(last.Map.IsValueCreated && last.Map.Value.IsFaulted) ? last : Start());
        return drawing.Map.Value.WaitAsync(cancellation);

        Drawing Start() => new(version, new Lazy<Task<ItemMap>>(() => Task.Run(() => Draw(model))));
    }

    /// <summary>Ends what is being drawn.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private ItemMap Draw(ServedModel model)
    {
        using var lease = model.Host.Rent();
        var trained = TrainedRecommender.In(lease.Recommender) ?? throw new InputException($"A {lease.Recommender.System} has no map of its items.");
        var (items, points) = ItemPlane.Of(trained, stopping.Token);
        var largest = Math.Max(points.Length == 0 ? 0 : points.Max(MathF.Abs), float.Epsilon);
        var column = trained.Snapshot.Categories.Count > 0 ? trained.Snapshot.Categories[0] : null;
        return new ItemMap(trained.System, lease.Card.Version, ItemPlane.Basis(trained) ?? "", column?.Name, [.. items.Select((item, place) => new MapPoint(
            trained.Items[item],
            catalog.Find(trained.Items[item], lease.Recommender)?.Title,
            MathF.Round(points[2 * place] / largest, 4),
            MathF.Round(points[(2 * place) + 1] / largest, 4),
            trained.Snapshot.Popularity[item],
            column is not null && column.Values[item] is { Length: > 0 } categories ? column.Categories[categories[0]] : null))]);
    }

    private sealed record Drawing(string Version, Lazy<Task<ItemMap>> Map);
}
