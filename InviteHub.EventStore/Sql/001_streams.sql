-- Marten's tables (string stream identity, conjoined tenancy, correlation, causation and headers on), so that a Marten
-- configured that way opens this database as it is. What is ours beyond them has a default or is nullable: Marten's own
-- inserts still work. There is no foreign key from events to streams: the append function is the one writer of both.
create sequence if not exists mt_events_sequence;

create table if not exists mt_streams (
    tenant_id   varchar     not null default '*DEFAULT*',
    id          varchar     not null,
    type        varchar,
    version     bigint,
    timestamp   timestamptz not null default now(),
    created     timestamptz not null default now(),
    is_archived boolean     default false,
    constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
);

create table if not exists mt_events (
    seq_id         bigint       not null default nextval('mt_events_sequence'),
    id             uuid         not null,
    stream_id      varchar      not null,
    version        bigint       not null,
    data           jsonb        not null,
    bdata          bytea,
    type           varchar(500) not null,
    timestamp      timestamptz  not null default now(),
    tenant_id      varchar      not null default '*DEFAULT*',
    mt_dotnet_type varchar,
    correlation_id varchar,
    causation_id   varchar,
    headers        jsonb,
    is_archived    boolean      default false,
    -- Ours. Readers go by (transaction_id, seq_id) and stop before the oldest running transaction.
    transaction_id xid8         not null default pg_current_xact_id(),
    -- Ours. SHA-256 of this event chained to the one before it in its stream.
    hash           bytea,
    constraint pkey_mt_events_seq_id primary key (seq_id)
);

create unique index if not exists pk_mt_events_stream_and_version on mt_events (tenant_id, stream_id, version);
create index if not exists ix_mt_events_position on mt_events (transaction_id, seq_id);

create table if not exists mt_event_progression (
    name                varchar not null constraint pk_mt_event_progression primary key,
    last_seq_id         bigint,
    last_updated        timestamptz default transaction_timestamp(),
    -- Ours: the other half of a reader's position.
    last_transaction_id xid8    not null default '0'
);
