namespace Aspire.Hosting.Publishing;

/// <summary>Stands for Aspire's manifest writer, so that a <see cref="ApplicationModel.ParameterDefault"/> compiles against either; this host writes none.</summary>
public sealed class ManifestPublishingContext
{
    internal ManifestPublishingContext()
    {
    }
}
