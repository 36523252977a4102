-- Who looked at whose personal data: a row for each reader, person and kind of page in an hour. Ids only.
create table if not exists readers (
    user_id   uuid        not null,
    hour      timestamptz not null,
    reader_id uuid        not null,
    what      varchar     not null,
    constraint readers_pkey primary key (user_id, hour, reader_id, what)
);
