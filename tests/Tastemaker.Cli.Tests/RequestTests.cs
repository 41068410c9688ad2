using System.Text.Json;

namespace Tastemaker.Cli.Tests;

public sealed class RequestTests(Workplace place) : IClassFixture<Workplace>
{
    private async Task<string> RunAsync()
    {
        var run = place.At("run");
        var shop = place.Write("shop.csv", ["movieId,title,genre", .. Enumerable.Range(1, 40).Select(item => $"{item},\"Film {item}, The\",{(item % 3 == 0 ? "Comedy" : item % 3 == 1 ? "Drama" : "War")}")]);
        (await Taste.RunAsync("train", place.Ratings, "--item-file", shop, "--system", "bpr-mf", "--set", "epochs=5", "--out", run, "--json")).ExitCode.ShouldBe(0);
        return run;
    }

    private async Task<(JsonElement Answer, string[] Lines)> ListsAsync(params string[] arguments)
    {
        var file = place.At($"{Guid.NewGuid():N}.csv");
        var answered = await Taste.RunAsync(["recommend", await RunAsync(), "--out", file, "-n", "3", "--json", .. arguments]);
        answered.ExitCode.ShouldBe(0, answered.Error);
        return (answered.Json, File.ReadAllLines(file)[1..]);
    }

    [Theory]
    [InlineData(2, "history", "1|2", "3|4")]
    [InlineData(3, "history", "1|2|3", "4|5|6", "7|8|9")]
    [InlineData(2, "history", "1", "2")]
    [InlineData(2, "history,note", "1|2|3,a", "3|4|9,b")]
    [InlineData(2, "user,history", ",1|2", "7,3|4")]
    [InlineData(2, "user_id", "1", "2")]
    [InlineData(2, "userId;n", "1;3", "2;3")]
    [InlineData(2, "history\tuser", "1|2\t", "\t7")]
    public async Task Histories_and_users_are_found_whatever_separates_columns(int requests, params string[] lines)
    {
        var (answer, lists) = await ListsAsync("--requests", place.Write("requests.csv", lines));
        answer.GetProperty("requests").GetInt32().ShouldBe(requests);
        lists.Length.ShouldBe(3 * requests);
    }

    [Fact]
    public async Task Texts_ask_by_option_file_and_column()
    {
        var texts = place.Write("about.csv", ["userId,about", .. Enumerable.Range(1, 60).Select(user => $"{user},\"{(user % 2 == 0 ? "even steps, calmly" : "an odd walk")}\"")]);
        var run = place.At("texts");
        (await Taste.RunAsync("train", place.Ratings, "--user-file", texts, "--system", "naive-bayes", "--out", run)).Error.ShouldContain("about=text");
        var trained = await Taste.RunAsync("train", place.Ratings, "--user-file", texts, "--feature", "about=text", "--system", "naive-bayes","--split", "cold-users(share=0.2,validation=0.1)", "--out", run, "--json");
        trained.ExitCode.ShouldBe(0, trained.Error);

        var asked = await Taste.RunAsync("recommend", run, "--content", "Even, calmly", "-n", "5", "--json");
        asked.Json.GetProperty("strategy").GetString().ShouldBe("content");
        asked.Json.GetProperty("items").EnumerateArray().ShouldAllBe(item => int.Parse(item.GetProperty("item").GetString()!) % 2 == 0);

        var file = await Taste.RunAsync("recommend", run, "--content-file", place.Write("post.txt", "an odd", "walk"), "-n", "5", "--json");
        file.Json.GetProperty("items").EnumerateArray().ShouldAllBe(item => int.Parse(item.GetProperty("item").GetString()!) % 2 == 1);

        (await Taste.RunAsync("recommend", run, "--requests", place.Write("posts.csv", "content", "\"odd walk, odd walk\"", "even"), "--out", place.At("tags.csv"), "-n", "2", "--json")).ExitCode.ShouldBe(0);
        File.ReadAllLines(place.At("tags.csv"))[1..].Select(line => line.EndsWith("content", StringComparison.Ordinal)).ShouldBe([true, true, true, true]);

        (await Taste.RunAsync("recommend", run, "--content", "a", "--content-file", place.At("post.txt"))).Error.ShouldContain("leave one out");
        (await Taste.RunAsync("recommend", run, "--content-file", place.At("none.txt"))).Error.ShouldContain("there is no such file");
    }

    [Fact]
    public async Task Users_that_the_model_does_not_know_are_counted()
    {
        var (answer, lists) = await ListsAsync("--requests", place.Write("some.csv", "buyer", "1", "nobody"), "--user-column", "buyer");
        (answer.GetProperty("unknownUsers").GetInt32(), answer.GetProperty("byPopularity").GetInt32()).ShouldBe((1, 1));
        lists[^1].ShouldEndWith("popularity");
    }

    [Fact]
    public async Task Items_that_are_not_in_the_catalog_are_counted_with_examples()
    {
        var (answer, lists) = await ListsAsync("--requests", place.Write("strange.csv", "history", "1|2", "1|zzz", "yyy|zzz|2"));
        (answer.GetProperty("unknownItems").GetInt32(), answer.GetProperty("requestsWithUnknownItems").GetInt32()).ShouldBe((3, 2));
        answer.GetProperty("unknownExamples").EnumerateArray().Select(example => $"{example.GetProperty("request")} {example.GetProperty("item")}").ShouldBe(["2 zzz", "3 yyy"]);
        lists.ShouldAllBe(line => line.EndsWith("fold-in", StringComparison.Ordinal));

        var said = await Taste.RunAsync("recommend", place.At("run"), "--requests", place.At("strange.csv"), "--out", place.At("strange-lists.csv"));
        said.Output.ReplaceLineEndings(" ").ShouldContain("3 items in the histories of 2 requests are not in the catalog and were left out: 'zzz' (request 2), 'yyy' (request 3), ...");
    }

    [Fact]
    public async Task A_file_without_a_known_column_is_refused_with_the_way_out()
    {
        var refused = await Taste.RunAsync("recommend", await RunAsync(), "--requests", place.Write("odd.csv", "whom,when", "1,2"), "--out", place.At("odd-lists.csv"));
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("whom, when");
        refused.Error.ShouldContain("--user-column");
    }

    [Fact]
    public async Task Every_user_gets_a_list()
    {
        var (answer, lists) = await ListsAsync("--all-users");
        answer.GetProperty("requests").GetInt32().ShouldBe(60);
        lists.Select(line => line.Split(',')[1]).Distinct().Count().ShouldBe(60);
    }

    [Fact]
    public async Task Only_items_of_the_categories_are_recommended()
    {
        var run = await RunAsync();
        var list = await Taste.RunAsync("recommend", run, "--user", "1", "--where", "genre=comedy|war", "-n", "30", "--json");
        list.Json.GetProperty("items").EnumerateArray().Select(item => int.Parse(item.GetProperty("item").GetString()!) % 3).ShouldAllBe(rest => rest != 1);
        var odd = await Taste.RunAsync("recommend", run, "--user", "1", "--where", "genres=Comedy");
        (odd.ExitCode, odd.Error.Contains("genre")).ShouldBe((2, true));
        var none = await Taste.RunAsync("recommend", run, "--user", "1", "--where", "genre=Comdey");
        (none.ExitCode, none.Error.Contains("Comedy")).ShouldBe((2, true));
    }

    [Fact]
    public async Task Diversity_changes_the_list_and_not_its_length()
    {
        var run = await RunAsync();
        async Task<string[]> Items(string diversity) => [.. (await Taste.RunAsync("recommend", run, "--user", "1", "-n", "8", "--diversity", diversity, "--json")).Json
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString()!)];
        var (plain, diverse) = (await Items("0"), await Items("0.9"));
        (plain.Length, diverse.Length, diverse.Distinct().Count()).ShouldBe((8, 8, 8));
        diverse.ShouldNotBe(plain);
        diverse[0].ShouldBe(plain[0]);
    }
}
