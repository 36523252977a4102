namespace Aspire.Hosting;

/// <summary>The application can't be started or kept up; the message says what to do about it.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>An error without further words.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>An error that says what to do.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>An error that says what to do, and what it came from.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
