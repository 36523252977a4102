-- How each organization lets messages in its name look, as Subscriptions told.
create table if not exists brands (
    organization_id uuid not null constraint brands_pkey primary key,
    name            text,
    logo_url        text,
    color           text,
    words           text,
    told_by         uuid not null
);
