using Polly.Timeout;
using Stripe;

namespace Hub.Stripe;

/// <summary>Stripe's services as this adapter uses them; failures arrive as <see cref="StripeCallException"/>.</summary>
internal sealed class StripeApi : IStripeClient
{
    private readonly StripeClient _client;

    public StripeApi(HttpClient http, StripeOptions options)
    {
        _client = new StripeClient(new StripeClientOptions
        {
            ApiKey = options.ApiKey,
            ApiBase = options.ApiBase.Length == 0 ? null : options.ApiBase.TrimEnd('/'),

            // Repeats belong to StripeCallHandler; telemetry would leave personal traces of this machine at Stripe.
            HttpClient = new SystemNetHttpClient(http, maxNetworkRetries: 0, appInfo: null, enableTelemetry: false),
        });
        Coupons = new(this);
        CreditNotes = new(this);
        Customers = new(this);
        Disputes = new(this);
        InvoiceItems = new(this);
        Invoices = new(this);
        InvoiceLines = new(this);
        Prices = new(this);
        Products = new(this);
        Schedules = new(this);
        SubscriptionItems = new(this);
        Subscriptions = new(this);
        TaxRates = new(this);
    }

    public CouponService Coupons { get; }

    public CreditNoteService CreditNotes { get; }

    public CustomerService Customers { get; }

    public DisputeService Disputes { get; }

    public InvoiceItemService InvoiceItems { get; }

    public InvoiceService Invoices { get; }

    public InvoiceLineItemService InvoiceLines { get; }

    public PriceService Prices { get; }

    public ProductService Products { get; }

    public SubscriptionScheduleService Schedules { get; }

    public SubscriptionItemService SubscriptionItems { get; }

    public SubscriptionService Subscriptions { get; }

    public TaxRateService TaxRates { get; }

    public string ApiBase => _client.ApiBase;

    public string ApiKey => _client.ApiKey;

    public string ClientId => _client.ClientId;

    public string ConnectBase => _client.ConnectBase;

    public string FilesBase => _client.FilesBase;

    public string MeterEventsBase => _client.MeterEventsBase;

    public Task<T> RequestAsync<T>(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
        where T : IStripeEntity =>
        Guard(() => _client.RequestAsync<T>(method, path, options, requestOptions, cancellationToken), cancellationToken);

    public Task<Stream> RequestStreamingAsync(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default) =>
        Guard(() => _client.RequestStreamingAsync(method, path, options, requestOptions, cancellationToken), cancellationToken);

    private static async Task<T> Guard<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (StripeException e)
        {
            // Not kept as the cause: Stripe's sentences quote what was sent, and whoever logs a failure logs its causes.
            throw new StripeCallException(
                e.HttpStatusCode, e.StripeError?.Type, e.StripeError?.Code, e.StripeError?.Param, e.StripeResponse?.RequestId, null);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new StripeCallException(null, null, null, null, null, e);
        }
    }
}
