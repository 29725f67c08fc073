using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.AzureStorage;

namespace Hub.EndToEnd.Tests.Support;

/// <summary>The Hub's tables and queues seen from outside, with the published queue client.</summary>
internal sealed class HubStorage(string connectionString)
{
    /// <summary>Puts a message on a queue the way the Hub and the Functions tools do: base64.</summary>
    public Task Send(string queue, object message, CancellationToken ct) =>
        Queue(queue, QueueMessageEncoding.Base64).SendMessageAsync(JsonSerializer.Serialize(message, JsonSerializerOptions.Web), ct);

    /// <summary>Puts a text on a queue exactly as it is.</summary>
    public Task SendRaw(string queue, string text, CancellationToken ct) => Queue(queue, QueueMessageEncoding.None).SendMessageAsync(text, ct);

    /// <summary>Texts on a queue, undecoded, at most 32; empty for a queue that does not exist.</summary>
    public async Task<string[]> Peek(string queue, CancellationToken ct)
    {
        QueueClient client = Queue(queue, QueueMessageEncoding.None);
        if (!await client.ExistsAsync(ct))
        {
            return [];
        }

        PeekedMessage[] messages = await client.PeekMessagesAsync(32, ct);
        return [.. messages.Select(message => message.MessageText)];
    }

    public async Task<int> Count(string queue, CancellationToken ct)
    {
        QueueClient client = Queue(queue, QueueMessageEncoding.None);
        return await client.ExistsAsync(ct) ? (await client.GetPropertiesAsync(ct)).Value.ApproximateMessagesCount : 0;
    }

    /// <summary>Every row of every table of the Hub as one text each, in order; time of writing and ETag included, so that a rewrite with equal values shows.</summary>
    public async Task<string[]> Rows(CancellationToken ct)
    {
        var rows = new List<string>();
        foreach (string table in TableNames.All)
        {
            rows.AddRange(await Rows(table, ct));
        }

        return [.. rows];
    }

    public async Task<string[]> Rows(string table, CancellationToken ct)
    {
        var rows = new List<string>();
        await foreach (TableEntity row in new TableClient(connectionString, table).QueryAsync<TableEntity>(cancellationToken: ct))
        {
            IEnumerable<string> values = row.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={Text(value.Value)}");
            rows.Add($"{table} {string.Join(" | ", values)}");
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private QueueClient Queue(string name, QueueMessageEncoding encoding) =>
        new(connectionString, name, new QueueClientOptions { MessageEncoding = encoding });
}
