namespace InviteHub.EventStore.PersonalData;

/// <summary>
/// Marks a property of an event as personal data: it reaches JSON only as AES-256-GCM ciphertext under its subject's key (GDP-03).
/// Text reads back as <see cref="Erased"/> once the subject was erased, any other (nullable) type as null.
/// </summary>
/// <param name="subject">The name of the event's property that says whose data it is.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalDataAttribute(string subject) : Attribute
{
    /// <summary>What an erased text reads as.</summary>
    public const string Erased = "[erased]";

    /// <summary>The property that holds the subject's id.</summary>
    public string Subject => subject;

    /// <summary>A text as others may be told it: null once it was erased.</summary>
    public static string? Known(string? text) => text == Erased ? null : text;
}
