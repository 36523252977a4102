using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace InviteHub.AppHost;

/// <summary>Generated when there is none yet, and shown that one time.</summary>
internal sealed class FirstAdminPassword(string email) : ParameterDefault
{
    private readonly GenerateParameterDefault _password = new() { MinLength = 20, Special = false };

    public override string GetDefaultValue()
    {
        var password = _password.GetDefaultValue();
        Console.WriteLine($"The first System admin is {email} with the password {password} (shown only this once).");
        return password;
    }

    public override void WriteToManifest(ManifestPublishingContext context) => _password.WriteToManifest(context);
}
