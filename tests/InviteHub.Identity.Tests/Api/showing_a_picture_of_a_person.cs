using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-09")]
public class showing_a_picture_of_a_person(IdentityService identity)
{
    [Fact]
    public async Task gives_back_what_was_put_with_the_type_that_it_is()
    {
        var person = await identity.Person();
        var (own, _) = await identity.SignedIn(person.Email);
        (await own.GetAsync("/api/v1/me/avatar")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var picture = Png(64, 64);
        (await own.PutAsync("/api/v1/me/avatar", Body(picture, "image/jpeg"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var answer = await own.GetAsync("/api/v1/me/avatar");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(picture);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.Private.ShouldBeTrue();
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me/avatar");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        (await own.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await identity.Database.RowsWith("canary in the picture")).ShouldBeEmpty();

        var admin = await identity.Admin();
        var row = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users?search={person.Email}"))!["items"]![0]!;
        $"\"{row["avatarId"]!.GetValue<Guid>():N}\"".ShouldBe(answer.Headers.ETag!.Tag);
        (await admin.DeleteAsync($"/api/v1/users/{person.Id}/avatar")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await own.GetAsync("/api/v1/me/avatar")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task ends_when_the_person_is_forgotten()
    {
        var person = await identity.Person();
        var (own, _) = await identity.SignedIn(person.Email);
        (await own.PutAsync("/api/v1/me/avatar", Body(Png(8, 8), "image/png"))).EnsureSuccessStatusCode();
        await identity.Services.GetRequiredService<SubjectKeys>().Forget(person.Id.ToString());
        (await own.GetAsync("/api/v1/me/avatar")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Feature", "SEC-04")]
    public async Task takes_nothing_that_is_too_large_or_no_picture()
    {
        var person = await identity.Person();
        var (own, _) = await identity.SignedIn(person.Email);
        (await own.PutAsync("/api/v1/me/avatar", Body(Png(1025, 8), "image/png"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await own.PutAsync("/api/v1/me/avatar", Body("<svg onload=alert(1)>"u8.ToArray(), "image/png"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await own.PutAsync("/api/v1/me/avatar", Body([.. Png(8, 8), .. new byte[512 * 1024]], "image/png"))).StatusCode
            .ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await own.PutAsync($"/api/v1/users/{person.Id}/avatar", Body(Png(8, 8), "image/png"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await own.GetAsync("/api/v1/me/avatar")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static ByteArrayContent Body(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private static byte[] Png(int width, int height)
    {
        byte[] png = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', 0, 0, 0, 13, .. "IHDR"u8, .. new byte[8], .. "canary in the picture"u8];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }
}
