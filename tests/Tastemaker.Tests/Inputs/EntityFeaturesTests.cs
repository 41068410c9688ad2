using Tastemaker.Catalog;

namespace Tastemaker.Tests.Inputs;

public class EntityFeaturesTests
{
    [Theory]
    [InlineData("pinsage", "features of items", true)]
    [InlineData("cdl", "features of items", true)]
    [InlineData("dcf", "features of users or items", true)]
    [InlineData("cml", "features of items", false)]
    [InlineData("drnn", "features of users or items", false)]
    [InlineData("gcmc", "features of users or items", false)]
    public void A_system_needs_features_if_its_default_options_read_them(string system, string features, bool isNeeded)
    {
        var info = SystemCatalog.Find(system);

        info.Needs.Contains(features).ShouldBe(isNeeded);
        info.MayRead.Contains(features).ShouldBe(!isNeeded);
    }
}
