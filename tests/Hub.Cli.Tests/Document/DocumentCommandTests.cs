using System.Text;
using System.Text.Json;
using Hub.Cli.Document;

namespace Hub.Cli.Tests.Document;

public sealed class DocumentCommandTests : IDisposable
{
    private const string Won = "006000000000001AAA";
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-document-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The sample's first deal: 12 months from 2026-10-15, Net 20, USD 11,250.00.
    [Fact]
    public async Task Each_term_is_listed_once_with_both_values_and_the_sentence()
    {
        (int code, string output, _) = await Run(File("contract.txt", "The term is 12 months. Subscription Start Date: 1 November 2026\nPayment Terms: Net 20"));

        JsonElement answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal(Won, answer.GetProperty("opportunityId").GetString());
        Assert.Equal(
            ["start differs", "term agrees", "total not-found", "netDays agrees", "autoRenewal not-found", "noticePeriod not-found", "currency not-found", "poNumber not-found"],
            answer.GetProperty("terms").EnumerateArray().Select(term => $"{term.GetProperty("term")} {term.GetProperty("outcome")}"));
        JsonElement start = answer.GetProperty("terms")[0];
        Assert.Equal(
            ("2026-11-01", "2026-10-15", "Hub_Contract_Start__c", "Subscription Start Date: 1 November 2026"),
            (start.GetProperty("document").GetString(), start.GetProperty("deal").GetString(), start.GetProperty("field").GetString(), start.GetProperty("sentences")[0].GetString()));
    }

    [Fact]
    public async Task The_text_may_come_from_standard_input_and_the_id_in_its_short_form()
    {
        (int code, string output, _) = await Run("-", "Payment Terms: Net 45", opportunity: Won[..15]);

        Assert.Equal(0, code);
        Assert.Contains("\"document\": \"standard input\"", output, StringComparison.Ordinal);
        Assert.Contains("\"45 days\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_get_a_table()
    {
        (int code, string output, _) = await Run(File("contract.txt", "Payment Terms: Net 45"), format: "table");

        Assert.Equal(0, code);
        Assert.Contains("document: 45 days", output, StringComparison.Ordinal);
        Assert.Contains("differs", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%PDF-1.7\n…", "contract.pdf: a text file was expected; this is a PDF; extract its text first and give the .txt file")]
    [InlineData("PK\u0003\u0004…", "contract.pdf: a text file was expected; this is a Word or zip file; save it as text first")]
    [InlineData(" ", "contract.pdf: a text file was expected; this is empty")]
    public async Task What_is_no_text_is_refused_in_one_clear_line(string content, string line)
    {
        (int code, string output, string errors) = await Run(File("contract.pdf", content));

        Assert.Equal((2, ""), (code, output));
        Assert.EndsWith(line, errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Every_defect_has_its_line()
    {
        (int code, _, string errors) = await Run(Path.Combine(_folder, "none.txt"), opportunity: "006000000000009AAA");

        Assert.Equal(2, code);
        string[] lines = errors.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("$.salesforce.Opportunity: an opportunity with the id 006000000000009AAA was expected", lines[0], StringComparison.Ordinal);
        Assert.Contains("none.txt: a readable file was expected (there is none)", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_inputs_cannot_be_standard_input()
    {
        using var errors = new StringWriter();
        int code = await DocumentCommand.Run(new("-", Won, "-", "json"), Stream.Null, TextWriter.Null, errors, CancellationToken.None);

        Assert.Equal(2, code);
        Assert.Contains("both cannot be -", errors.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> Run(string text, string input = "", string opportunity = Won, string format = "json")
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));
        int code = await DocumentCommand.Run(new(Books(), opportunity, text, format), stream, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    private string File(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    private static string Books()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "Hub.Cli.Tests", "Plan", "samples", "two-deals.json");
            }
        }

        throw new InvalidOperationException("No Hub.sln above the tests.");
    }
}
