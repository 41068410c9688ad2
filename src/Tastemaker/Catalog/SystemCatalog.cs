using System.Text.RegularExpressions;
using Tastemaker.Configuration;
using Tastemaker.Models.Adversarial;
using Tastemaker.Models.Attention;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Autoregressive;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Models.Convolutional;
using Tastemaker.Models.Graph;
using Tastemaker.Models.Hybrid;
using Tastemaker.Models.Mlp;
using Tastemaker.Models.Modern;
using Tastemaker.Models.Recurrent;
using Tastemaker.Naming;
using Tastemaker.Systems;

namespace Tastemaker.Catalog;

/// <summary>
/// The systems: the one list that feeds names, options, help, documentation, training and loading. To add a system to the library, write its file in Models/ and add one line here; one of
/// another assembly is registered.
/// </summary>
public static partial class SystemCatalog
{
    private static readonly Lock Registering = new();
    private static volatile IReadOnlyList<SystemInfo> systems = Own();

    /// <summary>All systems, family by family, then those that were registered.</summary>
    public static IReadOnlyList<SystemInfo> Systems => systems;

    /// <summary>
    /// Adds a system: from then on it is trained, tuned, compared, saved, loaded and served by its id, like those of the library. To be called once, before the id is used; the same entry again
    /// changes nothing. Models that were saved with the system need it to be registered when they are loaded.
    /// </summary>
    /// <param name="system">The entry, usually a static property <c>Info</c> of the model.</param>
    /// <exception cref="InputException">The id is taken or is no id, or the options cannot be read.</exception>
    public static void Register(SystemInfo system)
    {
        lock (Registering)
        {
            if (systems.Contains(system))
            {
                return;
            }

            if (!Identifier().IsMatch(system.Id))
            {
                throw new InputException($"A system cannot be called '{system.Id}': an id consists of small letters, digits, '-', '+' and '.', such as my-system.");
            }

            if (systems.Any(other => string.Equals(other.Id, system.Id, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InputException($"There is a system '{system.Id}' already. Give yours another id.");
            }

            try
            {
                _ = OptionSchema.Of(system.OptionsType);
            }
            catch (NotSupportedException error)
            {
                throw new InputException($"The options of '{system.Id}' cannot be read: {error.Message} Numbers, switches, texts, enumerations, and lists of these are.", error);
            }

            systems = [.. systems, system];
        }
    }

    private static IReadOnlyList<SystemInfo> Own() =>
    [
        Popularity.Info,
        ItemKnn.Info,
        UserKnn.Info,
        Slim.Info,
        Ease.Info,
        Ials.Info,
        BiasedMf.Info,
        SvdPlusPlus.Info,
        LogisticMf.Info,
        BprMf.Info,
        WarpMf.Info,
        LogisticRegression.Info,
        FactorizationMachine.Info,
        FieldAwareFactorizationMachine.Info,
        Gmf.Info,
        NcfMlp.Info,
        NeuMF.Info,
        Cml.Info,
        WideAndDeep.Info,
        DeepFM.Info,
        YouTubeDnn.Info,
        YouTubeRanking.Info,
        Cdae.Info,
        Cdl.Info,
        Cdr.Info,
        AutoRec.OfItems,
        AutoRec.OfUsers,
        MultiDae.Info,
        MultiVae.Info,
        Dcf.Info,
        Gru4Rec.Info,
        Narm.Info,
        Drnn.Info,
        Rrn.Info,
        DeepCoevolve.Info,
        RbmCf.OfItems,
        RbmCf.OfUsers,
        CfNade.OfItems,
        CfNade.OfUsers,
        UiRbm.Info,
        IcCrbm.Info,
        DcnV2.Info,
        Dlrm.Info,
        XDeepFM.Info,
        AutoInt.Info,
        TwoTower.Info,
        Irgan.Info,
        LightGcn.Info,
        UltraGcn.Info,
        Gcmc.Info,
        PinSage.Info,
        DeepCoNN.Info,
        Lrcnn.Info,
        ConvNcf.Info,
        Caser.Info,
        SasRec.Info,
        Bert4Rec.Info,
        NaiveBayes.Info,
        Bm25.Info,
        VectorProfile.Info,
        VectorProfile.Info,
        HashtagCnn.Info,
        TabLstm.Info,
        Crae.Info,
        QuoteRec.Info,
        AskTheGru.Info,
        Ncn.Info,
        YahooNews.Info,
    ];

    /// <summary>The system of that id.</summary>
    /// <exception cref="InputException">There is none; names the nearest.</exception>
    public static SystemInfo Find(string id) =>
        Systems.FirstOrDefault(system => string.Equals(system.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException($"There is no system '{id}'.{NearestName.DidYouMean(id, Systems.Select(system => system.Id))} 'taste models' lists all; a system of your own needs its assembly, --plugin FILE.");

    [GeneratedRegex("^[a-z0-9][a-z0-9+.-]*$")]
    private static partial Regex Identifier();
}
