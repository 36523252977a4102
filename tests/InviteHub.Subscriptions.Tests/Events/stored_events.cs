using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Tests.Events;

/// <summary>
/// Each event that was ever stored still reads, and is stored as it was (OPS-06). A changed shape is a new version with an upcaster and a
/// new sample; no sample is ever edited.
/// </summary>
[Trait("Feature", "OPS-06")]
public class stored_events
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Events");

    public static TheoryData<string> Stored => [.. Types.All.Select(t => t.Name)];

    private static EventTypes Types
    {
        get
        {
            var types = new EventTypes();
            Catalogue.Events(types);
            return types;
        }
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void are_stored_and_read_as_on_the_first_day(string name)
    {
        var sample = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")))!;
        var type = Types.All.Single(t => t.Name == name).Type;
        var read = sample.Deserialize(type, EventJson.Options);
        JsonNode.DeepEquals(JsonSerializer.SerializeToNode(read, type, EventJson.Options), sample).ShouldBeTrue(
            $"{name} would be stored as {JsonSerializer.Serialize(read, type, EventJson.Options)}");
    }

    [Fact]
    public void are_all_known() => Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension)
        .ShouldBe(Types.All.Select(t => t.Name), ignoreOrder: true);
}
