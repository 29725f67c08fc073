using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Internal;

/// <summary>One account's table endpoint with the pipeline that reaches it; shared by the clients made from each other.</summary>
internal sealed class TableAccount
{
    private static readonly ErrorDetails Errors = new();
    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    private TableAccount(Uri endpoint, string name, HttpPipelinePolicy? authentication, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        var pipeline = new HttpPipelineOptions(options) { ResponseClassifier = new ResponseClassifier(), RequestFailedDetailsParser = Errors };
        if (authentication is not null)
        {
            pipeline.PerRetryPolicies.Add(authentication);
        }

        _pipeline = HttpPipelineBuilder.Build(pipeline);
        _version = options.VersionString;
        Endpoint = new Uri(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        Name = name;
    }

    /// <summary>Without query and trailing slash.</summary>
    public Uri Endpoint { get; }

    public string Name { get; }

    public static TableAccount Open(string connectionString, TableClientOptions? options)
    {
        ConnectionSettings settings = ConnectionSettings.Parse(connectionString);
        HttpPipelinePolicy policy = settings.Key is { } key ? new SharedKeyPolicy(key, TimeProvider.System) : new SasPolicy(new AzureSasCredential(settings.Sas!));
        return new TableAccount(settings.Endpoint, settings.Account, policy, options);
    }

    public static TableAccount Open(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new TableAccount(endpoint, credential.AccountName, new SharedKeyPolicy(credential, TimeProvider.System), options);
    }

    public static TableAccount Open(Uri endpoint, AzureSasCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        RequireProtection(endpoint);
        return new TableAccount(endpoint, ConnectionSettings.AccountOf(endpoint), new SasPolicy(credential), options);
    }

    public static TableAccount Open(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        var policy = new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default");
        return new TableAccount(endpoint, ConnectionSettings.AccountOf(endpoint), policy, options);
    }

    /// <summary>An address that carries its own signature in the query.</summary>
    public static TableAccount Open(Uri endpoint, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        RequireProtection(endpoint);
        HttpPipelinePolicy? policy = endpoint.Query.Length > 1 ? new SasPolicy(new AzureSasCredential(endpoint.Query)) : null;
        return new TableAccount(endpoint, ConnectionSettings.AccountOf(endpoint), policy, options);
    }

    /// <summary>Sends one operation; statuses other than <paramref name="expected"/> throw.</summary>
    /// <exception cref="RequestFailedException">The service refused; ErrorCode is the service's.</exception>
    public async Task<Response> Send(TableOperation operation, ReadOnlyMemory<int> expected, CancellationToken ct)
    {
        using HttpMessage message = Message(operation.Method, operation.Path);
        foreach ((string name, string value) in operation.Headers)
        {
            message.Request.Headers.SetValue(name, value);
        }

        if (!operation.Body.IsEmpty)
        {
            message.Request.Content = RequestContent.Create(operation.Body);
        }

        await _pipeline.SendAsync(message, ct).ConfigureAwait(false);
        return expected.Span.Contains(message.Response.Status) ? message.Response : throw Failure(message.Response);
    }

    /// <summary>Sends operations as one transaction and returns their answers in order.</summary>
    public async Task<Response<IReadOnlyList<Response>>> SendAll(IReadOnlyList<TableOperation> operations, CancellationToken ct)
    {
        var batch = new BatchRequest(Endpoint, operations);
        using HttpMessage message = Message(RequestMethod.Post, "$batch");
        message.Request.Headers.SetValue("Accept", "application/json");
        message.Request.Headers.SetValue("DataServiceVersion", "3.0");
        message.Request.Headers.SetValue("Content-Type", batch.ContentType);
        message.Request.Content = RequestContent.Create(batch.Body);
        await _pipeline.SendAsync(message, ct).ConfigureAwait(false);
        if (message.Response.Status != 202)
        {
            throw Failure(message.Response);
        }

        IReadOnlyList<Response> answers = BatchResponse.Parse(message.Response);
        return answers.FirstOrDefault(answer => answer.Status >= 400) is { } refused
            ? throw new TableTransactionFailedException(Failure(refused))
            : Response.FromValue(answers, message.Response);
    }

    public static RequestFailedException Failure(Response response) => new(response, null, Errors);

    private static void RequireProtection(Uri endpoint)
    {
        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback)
        {
            throw new ArgumentException("Cannot use a SAS token credential without HTTPS.", nameof(endpoint));
        }
    }

    private HttpMessage Message(RequestMethod method, string path)
    {
        HttpMessage message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}"));
        message.Request.Headers.SetValue("x-ms-version", _version);
        return message;
    }
}
