using Hub.Core.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hub.Mail;

/// <summary>Registers the mail provider behind the core's port.</summary>
public static class MailServices
{
    /// <summary>Adds <see cref="IMailer"/>; settings come from section <c>Mail</c> and are checked at start. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddHubMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OutboxMailer>();
        services.AddSingleton<SmtpMailer>();
        services.AddSingleton<IMailer>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Provider == nameof(MailProvider.Smtp)
            ? provider.GetRequiredService<SmtpMailer>()
            : provider.GetRequiredService<OutboxMailer>());
        return services;
    }
}
