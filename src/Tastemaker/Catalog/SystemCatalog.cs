using Tastemaker.Models.Adversarial;
using Tastemaker.Models.Attention;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Autoregressive;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Models.Convolutional;
using Tastemaker.Models.Graph;
using Tastemaker.Models.Mlp;
using Tastemaker.Models.Modern;
using Tastemaker.Models.Recurrent;
using Tastemaker.Naming;
using Tastemaker.Systems;

namespace Tastemaker.Catalog;

/// <summary>
/// The systems of the library: the one list that feeds names, options, help, documentation, training and loading. To add a system, write its
/// file in Models/ and add one line here.
/// </summary>
public static class SystemCatalog
{
    /// <summary>All systems, family by family.</summary>
    public static IReadOnlyList<SystemInfo> Systems { get; } =
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
        DeepCoNN.Info,
        SasRec.Info,
    ];

    /// <summary>The system of that id.</summary>
    /// <exception cref="InputException">There is none; names the nearest.</exception>
    public static SystemInfo Find(string id) =>
        Systems.FirstOrDefault(system => string.Equals(system.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException($"There is no system '{id}'.{NearestName.DidYouMean(id, Systems.Select(system => system.Id))} 'taste models' lists all.");
}
