using System.Text.RegularExpressions;

namespace InviteHub.Architecture.Tests;

/// <summary>
/// What can be held of the chart without helm: its templates close what they open, its values are those that they use, and what they set
/// and ask for is there in the sources.
/// </summary>
internal static partial class HelmChart
{
    // Not ours to read: Kestrel, ASP.NET Core's host, and what exports telemetry.
    private static readonly string[] ReadByOthers = ["ASPNETCORE_HTTP_PORTS", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "OTEL_EXPORTER_OTLP_PROTOCOL"];

    /// <summary>What a template opens and doesn't close, includes and nobody defines, or defines and nobody includes.</summary>
    public static IEnumerable<string> Broken(IReadOnlyList<TextFile> templates)
    {
        foreach (var template in templates)
        {
            var open = new Stack<string>();
            foreach (Match action in Action().Matches(template.Text))
            {
                var text = action.Groups["text"].Value;
                if (!action.Value.EndsWith("}}", StringComparison.Ordinal) || text.Contains("{{", StringComparison.Ordinal))
                    yield return $"{template.Path} has no }}}} behind '{{{{{text.Trim()}'";
                if (Opening().Match(text) is { Success: true } opening)
                    open.Push(opening.Value.Trim(' ', '-'));
                else if (End().IsMatch(text) && !open.TryPop(out _))
                    yield return $"{template.Path} has an end too many";
            }

            foreach (var left in open)
                yield return $"{template.Path} doesn't end '{left}'";
            if (Action().Replace(template.Text, "").Contains("}}", StringComparison.Ordinal))
                yield return $"{template.Path} has }}}} without {{{{";
        }

        var defined = Names(Define(), templates);
        var included = Names(Include(), templates);
        foreach (var name in included.Except(defined))
            yield return $"'{name}' is included, and nobody defines it";
        foreach (var name in defined.Except(included))
            yield return $"'{name}' is defined, and nobody includes it";
    }

    /// <summary>Lines of the values that are no <c>key: value</c> where one can stand, values that no template uses, and others that there are not.</summary>
    public static IEnumerable<string> Unfit(TextFile values, IEnumerable<TextFile> templates)
    {
        var (all, leaves, wrong) = Read(values);
        foreach (var line in wrong)
            yield return line;
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var template in templates)
        {
            var text = template.Text;
            foreach (Match alias in Alias().Matches(text))
                text = text.Replace(alias.Value, "", StringComparison.Ordinal).Replace($"{alias.Groups["name"].Value}.", $".Values.{alias.Groups["path"].Value}.", StringComparison.Ordinal);
            foreach (var path in Value().Matches(text).Select(value => value.Groups["path"].Value).Distinct())
            {
                used.Add(path);
                if (!all.Contains(path))
                    yield return $"{template.Path} uses '{path}', which {values.Path} doesn't have";
            }
        }

        foreach (var leaf in leaves.Where(leaf => !used.Any(path => leaf == path || leaf.StartsWith($"{path}.", StringComparison.Ordinal))))
            yield return $"{values.Path} has '{leaf}', which no template uses";
    }

    /// <summary>Variables that templates set and no source reads.</summary>
    public static IEnumerable<string> Unread(IEnumerable<TextFile> templates, IEnumerable<TextFile> sources)
    {
        var read = sources.Where(source => source.Text.Contains("onfiguration", StringComparison.Ordinal))
            .SelectMany(source => Literal().Matches(source.Text).Select(literal => literal.Groups["text"].Value)
                .Concat(Connection().Matches(source.Text).Select(connection => $"ConnectionStrings:{connection.Groups["name"].Value}")))
            .Distinct().Select(key => new Regex($"^{Hole().Replace(key, "[a-z]+")}(:[0-9]+)?$", RegexOptions.NonBacktracking)).ToArray();
        return from template in templates
               from Match set in Variable().Matches(template.Text)
               let name = set.Groups["name"].Value
               let key = Hole().Replace(name, "part").Replace("__", ":", StringComparison.Ordinal)
               where !ReadByOthers.Contains(name) && !read.Any(one => one.IsMatch(key))
               select $"{template.Path} sets {name}, which nothing reads";
    }

    /// <summary>Paths that probes ask for and nobody answers at: the gateway by itself, and what services share for them.</summary>
    public static IEnumerable<string> Unanswered(IEnumerable<TextFile> templates, IReadOnlyList<TextFile> sources) =>
        from template in templates
        from Match probe in Probe().Matches(template.Text)
        let path = probe.Groups["path"].Value
        from folder in template.Name switch { "gateway" => (string[])["gateway"], "services" => ["InviteHub.ServiceDefaults"], _ => ["gateway", "InviteHub.ServiceDefaults"] }
        where !sources.Any(source => source.Folder == folder && Mapped(path).IsMatch(source.Text))
        select $"{template.Path} asks {path}, which {folder} doesn't map";

    /// <summary>Parts that the host on one machine has and the chart has not, or the other way round.</summary>
    public static IEnumerable<string> Differing(TextFile host, TextFile values, TextFile services)
    {
        var parts = ContainerImages.Parts(host).Keys.Order().ToArray();
        var listed = List().Match(services.Text).Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('"')).Append("gateway");
        if (!listed.Order().SequenceEqual(parts))
            yield return $"{services.Path} lists other services than {host.Path}";
        var (all, _, _) = Read(values);
        foreach (var of in (string[])["replicas", "resources", "settings", "autoscaling.maxReplicas"])
        {
            if (!all.Where(path => path.StartsWith($"{of}.") && !path[(of.Length + 1)..].Contains('.')).Select(path => path[(of.Length + 1)..]).Order().SequenceEqual(parts))
                yield return $"{values.Path} has {of} of other parts than {host.Path}";
        }
    }

    // Maps within maps, and no list that is not on one line: all that the values are written in.
    private static (HashSet<string> All, List<string> Leaves, List<string> Wrong) Read(TextFile values)
    {
        var (all, leaves, wrong) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), new List<string>());
        var above = new List<string>();
        var mayGoDeeper = true;
        foreach (var (number, text) in values.Lines.Where(line => line.Text.Trim() is not ("" or ['#', ..])))
        {
            var line = Line().Match(text);
            var depth = line.Groups["indent"].Length / 2;
            if (!line.Success || depth > above.Count || (depth == above.Count && !mayGoDeeper))
            {
                wrong.Add($"{values.Path}:{number} is not 'key: value', two spaces deeper than what it belongs to");
                continue;
            }

            if (depth == above.Count - 1 && mayGoDeeper)
                wrong.Add($"{values.Path}:{number} stands where what is in '{string.Join('.', above)}' should");
            above.RemoveRange(depth, above.Count - depth);
            above.Add(line.Groups["key"].Value);
            mayGoDeeper = line.Groups["value"].Length == 0;
            var path = string.Join('.', above);
            if (!all.Add(path))
                wrong.Add($"{values.Path}:{number} says '{path}' again");
            if (!mayGoDeeper)
                leaves.Add(path);
        }

        return (all, leaves, wrong);
    }

    private static HashSet<string> Names(Regex what, IEnumerable<TextFile> templates) =>
        [.. templates.SelectMany(template => what.Matches(template.Text)).Select(match => match.Groups["name"].Value)];

    private static Regex Mapped(string path) => new($"""Map(HealthChecks|Get)\("{Regex.Escape(path)}"[,)]""", RegexOptions.NonBacktracking);

    [GeneratedRegex(@"\{\{(?<text>([^}]|\}[^}])*)(\}\})?", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Action();

    [GeneratedRegex(@"^-?\s*(if|range|with|define|block)\s[^}]*", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Opening();

    [GeneratedRegex(@"^-?\s*end\s*-?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex End();

    [GeneratedRegex("define \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Define();

    [GeneratedRegex("include \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Include();

    [GeneratedRegex(@"(?<name>\$\w+) := [\w$.]*\.?Values\.(?<path>[\w.]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Alias();

    [GeneratedRegex(@"\.Values\.(?<path>\w+(\.\w+)*)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Value();

    [GeneratedRegex(@"- name: (?<name>[A-Za-z]\S*(\{\{ \S+ \}\}\S*)*)\n\s+value:|""name"" (\(printf )?""(?<name>\w+(%s\w+)*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"""(?<text>[A-Za-z][\w:{}]*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Literal();

    [GeneratedRegex(@"GetConnectionString\(""(?<name>\w+)""\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Connection();

    [GeneratedRegex(@"%s|\{\{[^}]*\}\}|\{\w+\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Hole();

    [GeneratedRegex(@"(httpGet: \{ path: |""ready"" "")(?<path>/[\w/]*)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Probe();

    [GeneratedRegex(@"range \$part := list(?<names>( ""\w+"")+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex List();

    [GeneratedRegex(@"^(?<indent>(  )*)(?<key>[A-Za-z]\w*):( (?<value>[^\s#].*))?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}

[Trait("Feature", "OPS-04")]
public sealed class the_helm_chart
{
    private const string Folder = "deploy/helm/invitehub";
    private static readonly IReadOnlyList<TextFile> Templates =
        [.. Repository.Files(".yaml", ".tpl", "NOTES.txt").Where(file => file.Path.StartsWith($"{Folder}/templates/"))];
    private static readonly TextFile Values = Repository.File($"{Folder}/values.yaml");
    private static readonly IReadOnlyList<TextFile> Sources =
        [.. Repository.Files(".cs").Where(file => file.Path.StartsWith("gateway/") || file.Path.StartsWith("services/") || file.Path.StartsWith("InviteHub.ServiceDefaults/"))];

    private static readonly IReadOnlyList<TextFile> Red = Repository.Red("Chart");
    private static readonly IReadOnlyList<TextFile> RedTemplates = [.. Red.Where(file => file.Path.StartsWith("templates/"))];

    [Fact]
    public void closes_what_it_opens_and_includes_what_there_is() => HelmChart.Broken(Templates).ShouldHold();

    [Fact]
    public void has_the_values_that_it_uses() => HelmChart.Unfit(Values, Templates).ShouldHold();

    [Fact]
    public void sets_variables_that_are_read() => HelmChart.Unread(Templates, Sources).ShouldHold();

    [Fact]
    public void probes_what_answers() => HelmChart.Unanswered(Templates, Sources).ShouldHold();

    [Fact]
    public void has_every_part() =>
        HelmChart.Differing(Repository.File("InviteHub.AppHost/Program.cs"), Values, Repository.File($"{Folder}/templates/services.yaml")).ShouldHold();

    [Fact]
    public void that_is_broken_is_found() => HelmChart.Broken(RedTemplates).ShouldBe(
    [
        "templates/gateway.yaml has no }} behind '{{.Values.publicUrl'",
        "templates/gateway.yaml doesn't end 'if .Values.behindProxy'",
        "templates/services.yaml has an end too many",
        "templates/services.yaml has }} without {{",
        "'invitehub.nobody' is included, and nobody defines it",
        "'invitehub.forgotten' is defined, and nobody includes it",
    ]);

    [Fact]
    public void with_values_that_do_not_fit_is_found() => HelmChart.Unfit(Red.Single(file => file.Name == "values"), RedTemplates).ShouldBe(
    [
        "values.yaml:4 is not 'key: value', two spaces deeper than what it belongs to",
        "values.yaml:5 says 'publicUrl' again",
        "values.yaml:12 is not 'key: value', two spaces deeper than what it belongs to",
        "templates/gateway.yaml uses 'behindProxy', which values.yaml doesn't have",
        "templates/services.yaml uses 'secrets.connection', which values.yaml doesn't have",
        "values.yaml has 'replicas.identity', which no template uses",
        "values.yaml has 'secrets.connections', which no template uses",
    ]);

    [Fact]
    public void with_variables_that_nothing_reads_is_found() => HelmChart.Unread(RedTemplates, Red).ShouldBe(
    [
        "templates/gateway.yaml sets DrainsFor, which nothing reads",
        "templates/services.yaml sets services__{{ $part }}__https__0, which nothing reads",
        "templates/services.yaml sets ConnectionStrings__%sdatabase, which nothing reads",
    ]);

    [Fact]
    public void with_probes_that_nobody_answers_is_found() => HelmChart.Unanswered(RedTemplates, Red).ShouldBe(
    [
        "templates/gateway.yaml asks /readiness, which gateway doesn't map",
        "templates/services.yaml asks /ready, which InviteHub.ServiceDefaults doesn't map",
    ]);

    [Fact]
    public void with_other_parts_is_found() => HelmChart.Differing(
        Red.Single(file => file.Path == "InviteHub.AppHost/Program.cs"), Red.Single(file => file.Name == "values"), Red.Single(file => file.Name == "services")).ShouldBe(
    [
        "templates/services.yaml lists other services than InviteHub.AppHost/Program.cs",
        "values.yaml has replicas of other parts than InviteHub.AppHost/Program.cs",
        "values.yaml has resources of other parts than InviteHub.AppHost/Program.cs",
        "values.yaml has settings of other parts than InviteHub.AppHost/Program.cs",
        "values.yaml has autoscaling.maxReplicas of other parts than InviteHub.AppHost/Program.cs",
    ]);
}
