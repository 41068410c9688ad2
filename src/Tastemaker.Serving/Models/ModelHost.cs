using System.Security.Cryptography;
using Tastemaker.Onnx;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving.Models;

/// <summary>Holds the model that answers, and changes it without a pause: new leases get the new one, and the old one is freed with its last lease.</summary>
internal sealed class ModelHost : IDisposable
{
    private readonly SemaphoreSlim changing = new(1, 1);
    private readonly string name;
    private LoadedModel current;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">A model or run folder, or an exported .onnx file.</param>
    /// <param name="name">What it is called; null for the name of the run folder.</param>
    /// <exception cref="InputException">The folder holds no model, or a corrupt one, or the file is no exported model.</exception>
    public ModelHost(string folder, string? name = null)
    {
        this.name = name ?? NameOf(folder);
        current = Load(folder);
    }

    /// <summary>Serves a recommender that is in memory already; it belongs to the host from now on.</summary>
    public ModelHost(IRecommender recommender, string name)
    {
        this.name = name;
        current = new LoadedModel(recommender, Describe(recommender, "memory", name));
    }

    /// <summary>Called after each change, with the new model.</summary>
    public event Action<ModelLease>? Changed;

    /// <summary>The model that answers now.</summary>
    public ModelCard Card => Volatile.Read(ref current).Card;

    /// <summary>A user to try the model with; null where it knows none.</summary>
    public string? AnyUser
    {
        get
        {
            using var model = Rent();
            return model.Recommender.Users.Count > 0 ? model.Recommender.Users[0] : null;
        }
    }

    /// <summary>What the model that answers now has shown.</summary>
    public ModelWatch Watch => Volatile.Read(ref current).Watch;

    /// <summary>The model that answers now, to be given back.</summary>
    public ModelLease Rent()
    {
        while (true)
        {
            // A model may be let go between reading and counting; then another is there.
            var model = Volatile.Read(ref current);
            if (model.TryUse())
            {
                return new ModelLease(model);
            }
        }
    }

    /// <summary>Loads another model and answers with it from then on. If that fails, the running one goes on.</summary>
    /// <exception cref="InputException">The folder holds no model, or a corrupt one, or the ONNX file is none of ours.</exception>
    public async Task<ModelCard> ChangeAsync(string? folder, CancellationToken cancellation)
    {
        await changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var next = await Task.Run(() => Load(folder ?? Card.Folder), cancellation).ConfigureAwait(false);
            Interlocked.Exchange(ref current, next).Release();
            using var lease = Rent();
            Changed?.Invoke(lease);
            return next.Card;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        current.Release();
        changing.Dispose();
    }

    private LoadedModel Load(string folder)
    {
        try
        {
            return Read(folder);
        }
        catch (Exception failure) when (failure is not InputException)
        {
            throw new InputException($"The model in '{folder}' cannot be loaded: {failure.Message.TrimEnd('.')}. Copy it again from its source, or train it again.", failure);
        }
    }

    private LoadedModel Read(string folder)
    {
        if (OnnxRecommender.IsFile(folder))
        {
            var digits = OnnxRecommender.Version(folder);
            var exported = OnnxRecommender.Load(folder);
            return new LoadedModel(exported, Describe(exported, digits, folder));
        }

        var found = Find(folder);
        var version = Version(found);
        var recommender = Indexed(Recommender.Load(found), Path.Combine(found, IndexFile.Name));
        return new LoadedModel(recommender, Describe(recommender, version, folder));
    }

    private static IRecommender Indexed(IRecommender recommender, string index)
    {
        if (recommender.As<IVectorRecommender>() is null || !File.Exists(index))
        {
            return recommender;
        }

        try
        {
            return Recommender.WithIndex(recommender, InvertedIndex.Load(index, recommender));
        }
        catch
        {
            recommender.Dispose();
            throw;
        }
    }

    private ModelCard Describe(IRecommender recommender, string version, string folder) => new(
        recommender.System, version, folder, DateTimeOffset.UtcNow, recommender.Users.Count, recommender.Items.Count, TrainedRecommender.In(recommender)?.Origin.StoreUntil, name);

    /// <summary>What a model is called where nothing else is said: the name of its run folder, which holds it in "model".</summary>
    public static string NameOf(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var last = Path.GetFileNameWithoutExtension(path);
        return last == "model" && Path.GetFileName(Path.GetDirectoryName(path)) is { Length: > 0 } run ? run : last;
    }

    private static string Find(string folder) => Directory.Exists(Path.Combine(folder, "model")) ? Path.Combine(folder, "model") : folder;

    // The descriptions hold checksums of the weights, so that these need not be read twice.
    private static string Version(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray() : [])
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
