namespace Tastemaker.Server.Tests;

public sealed class ContentTests(ServedFixture fixture) : IClassFixture<ServedFixture>
{
    private static int Number(string item) => Enumerable.Range(1, Films.Count).Single(number => Films.Item(number) == item);

    [Theory]
    [InlineData("naive-bayes")]
    [InlineData("hashtag-cnn")]
    [InlineData("quote-rec")] // a line break is the end of a turn
    public async Task A_text_is_answered_by_what_it_says_and_its_words_are_the_reasons(string system)
    {
        var folder = Served.NewFolder();
        Films.Train(Path.Combine(folder, "model"), system: system);
        await using var server = await Served.StartAsync(folder: folder);

        var answer = (await server.PostAsync("/v1/recommendations", new { content = "Comedies make us\nlaugh", count = 5, explain = true })).Ok();
        answer["strategy"].ShouldBe("content");
        answer.Items.ShouldAllBe(item => Number(item) % 2 == 0);
        var words = answer.Json.GetProperty("items")[0].GetProperty("because").EnumerateArray().Select(reason => reason.GetProperty("value").GetString()).ToList();
        words.ShouldNotBeEmpty();
        words.ShouldBeSubsetOf(["comedies", "laugh"]);

        // A text in place of the one that is known of the user, and the text by its name.
        (await server.PostAsync("/v1/recommendations", new { user = "u4", content = "dramas, cry", count = 5 })).Ok().Items.ShouldAllBe(item => Number(item) % 2 == 1);
        (await server.PostAsync("/v1/recommendations", new { content = "dramas, cry", features = new Dictionary<string, string[]> { ["about"] = ["laugh at comedies"] }, count = 5 })).Ok().Items.ShouldAllBe(item => Number(item) % 2 == 1);
        (await server.PostAsync("/v1/recommendations", new { features = new Dictionary<string, string[]> { ["about"] = ["cry over dramas"] }, count = 5 })).Ok().Items.ShouldAllBe(item => Number(item) % 2 == 1);
    }

    [Fact]
    public async Task A_text_without_a_known_word_is_answered_by_popularity_and_a_note_says_why()
    {
        var folder = Served.NewFolder();
        Films.Train(Path.Combine(folder, "model"), system: "naive-bayes");
        await using var server = await Served.StartAsync(folder: folder);

        var answer = (await server.PostAsync("/v1/recommendations", new { content = "quux 123", count = 5 })).Ok();

        answer["strategy"].ShouldBe("popularity");
        answer.Json.GetProperty("notes").ToString().ShouldContain("knows no word of the text");
    }

    [Fact]
    public async Task A_system_that_reads_no_texts_says_so()
    {
        var answer = (await fixture.Server.PostAsync("/v1/recommendations", new { content = "comedies", count = 5 })).Ok();

        answer["strategy"].ShouldBe("popularity");
        answer.Json.GetProperty("notes").ToString().ShouldContain("does not read content");
    }
}
