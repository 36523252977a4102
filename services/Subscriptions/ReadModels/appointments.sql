create table if not exists appointments (
    id             uuid        not null constraint appointments_pkey primary key,
    holder_id      uuid        not null,
    user_id        uuid        not null,
    role           text        not null,
    state          text        not null,
    details_status text        not null,
    languages      text[]      not null,
    classroom_ids  uuid[]      not null,
    competences    text[]      not null,
    refusal_code   text,
    refusal_detail text,
    since          timestamptz not null,
    version        bigint      not null
);

create unique index if not exists ix_appointments_holder on appointments (holder_id, role, user_id);
create index if not exists ix_appointments_user on appointments (user_id, holder_id);
