using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;

namespace Tastemaker.Tests.Artifacts;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public ModelFolderTests()
    {
        using var recommender = SystemCases.Train("ease", ConformanceData.Split([]));
        Recommender.Save(recommender, folder);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Refusal() => Should.Throw<InputException>(() => Recommender.Load(folder)).Message;

    private void Change(string file, Func<string, string> change)
    {
        var path = Path.Combine(folder, file);
        File.WriteAllText(path, change(File.ReadAllText(path)));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("items.jsonl")]
    public void A_changed_byte_is_found(string file)
    {
        var path = Path.Combine(folder, file);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Refusal().ShouldContain($"{file}' is corrupt");
    }

    [Fact]
    public void What_a_killed_save_left_beside_the_folder_goes_with_the_next_save()
    {
        var left = Directory.CreateDirectory($"{folder}.{Guid.NewGuid():N}.tmp");
        File.WriteAllText(Path.Combine(left.FullName, "model.safetensors"), "half");
        File.SetLastWriteTimeUtc(Path.Combine(left.FullName, "model.safetensors"), DateTime.UtcNow.AddHours(-2));
        left.LastWriteTimeUtc = DateTime.UtcNow.AddHours(-2);

        using var recommender = Recommender.Load(folder);
        Recommender.Save(recommender, folder);

        Directory.Exists(left.FullName).ShouldBeFalse();
    }

    [Fact]
    public void All_missing_files_are_named_at_once()
    {
        File.Delete(Path.Combine(folder, "users.jsonl"));
        File.Delete(Path.Combine(folder, "model.safetensors"));
        Should.Throw<InputException>(() => Recommender.Load(folder)).Problems.Count.ShouldBe(2);
    }

    [Fact]
    public void A_newer_version_is_refused_with_the_way_out()
    {
        Change("model.json", text => text.Replace("\"version\": 1", "\"version\": 99"));
        Refusal().ShouldContain("Update");
    }

    [Fact]
    public void An_unknown_system_or_option_is_refused_by_name()
    {
        Change("model.json", text => text.Replace("\"regularization\"", "\"penalty\""));
        Refusal().ShouldContain("penalty");
        Change("model.json", text => text.Replace("\"system\": \"ease\"", "\"system\": \"eased\""));
        Refusal().ShouldContain("eased");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": \"tastemaker-model\", \"version\": 1}")]
    public void A_card_that_is_none_is_refused(string text)
    {
        Change("model.json", _ => text);
        Refusal().ShouldContain("model");
    }

    [Fact]
    public void A_folder_without_a_model_is_refused()
    {
        File.Delete(Path.Combine(folder, "model.json"));
        Refusal().ShouldContain("holds no model");
    }

    [Fact]
    public void Saving_again_replaces_the_model_and_leaves_nothing_else()
    {
        using var loaded = Recommender.Load(folder);
        Recommender.Save(loaded, folder);
        Recommender.Load(folder).Dispose();
        Directory.GetFileSystemEntries(Path.GetTempPath(), Path.GetFileName(folder) + "*").Length.ShouldBe(1);
    }
}
