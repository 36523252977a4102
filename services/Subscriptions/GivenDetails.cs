using InviteHub.ServiceDefaults;

namespace InviteHub.Subscriptions;

/// <summary>What somebody said of a professional or mentor; null where nothing (ROL-06).</summary>
internal sealed record GivenDetails(
    string? Status = null, IReadOnlyList<string>? Languages = null, IReadOnlyList<Guid>? ClassroomIds = null, IReadOnlyList<string>? Competences = null)
{
    /// <summary>The two-letter codes of ISO 639-1: the process runs with invariant globalization, where CultureInfo knows none.</summary>
    private const string Iso639 =
        "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy "
        + "ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
        + "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl "
        + "sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

    private static readonly HashSet<string> TwoLetterLanguages = [.. Iso639.Split(' ')];

    /// <summary>What is kept after it was said of what was kept before.</summary>
    public AppointmentDetails On(AppointmentDetails before) => new()
    {
        Status = Status ?? before.Status,
        Languages = Languages ?? before.Languages,
        ClassroomIds = ClassroomIds ?? before.ClassroomIds,
        Competences = Competences ?? before.Competences,
    };

    /// <summary>The same in one form: tags as BCP 47 writes them, lists in order and without doubles.</summary>
    public GivenDetails Read(string role, FieldErrors errors)
    {
        errors.Demand(Status is null || AppointmentDetails.Statuses.Contains(Status), "status", $"one of {string.Join(", ", AppointmentDetails.Statuses)}");
        if (role != HeldRole.Professional)
        {
            foreach (var (given, field) in new[] { (Languages is null, "languages"), (ClassroomIds is null, "classroomIds"), (Competences is null, "competences") })
                errors.Demand(given, field, "only professionals have them");
        }

        errors.Demand(Languages is not { Count: > 50 }, "languages", "at most 50");
        errors.Demand(ClassroomIds is not { Count: > 100 }, "classroomIds", "at most 100");
        errors.Demand(Competences is not { Count: > 100 }, "competences", "at most 100");
        return this with
        {
            Languages = Languages?.Select(tag => Language(tag, errors)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(),
            ClassroomIds = ClassroomIds?.Distinct().Order().ToArray(),
            Competences = Competences?.Select(text => Competence(text, errors)).Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase).ToArray(),
        };
    }

    /// <summary>BCP 47 as far as people need it: a language of ISO 639, then perhaps a script, then perhaps a region.</summary>
    private static string Language(string? given, FieldErrors errors)
    {
        var parts = (given ?? "").Trim().Split('-');
        var language = parts[0].ToLowerInvariant();
        var rest = parts[1..];
        var script = rest is [{ Length: 4 } s, ..] && s.All(char.IsAsciiLetter) ? $"-{char.ToUpperInvariant(s[0])}{s[1..].ToLowerInvariant()}" : "";
        var regions = script.Length > 0 ? rest[1..] : rest;
        var isKnown = TwoLetterLanguages.Contains(language) || (language.Length == 3 && language.All(char.IsAsciiLetterLower));
        var region = regions is [var r] && ((r.Length == 2 && r.All(char.IsAsciiLetter)) || (r.Length == 3 && r.All(char.IsAsciiDigit)))
            ? $"-{r.ToUpperInvariant()}"
            : "";
        errors.Demand(isKnown && (regions.Length == 0 || region.Length > 0), "languages", "tags such as sv, pt-BR or zh-Hant (BCP 47)");
        return language + script + region;
    }

    private static string Competence(string? given, FieldErrors errors)
    {
        var text = given?.Trim() ?? "";
        errors.Demand(text.Length is >= 2 and <= 60 && !text.Any(char.IsControl), "competences", "2 to 60 characters each, without line breaks");
        return text;
    }
}
