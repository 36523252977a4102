-- Invitations straight into the read model, as many as $1: names that many share, addresses of their own, in 200 organizations.
insert into invitation_list (id, organization_id, organization, way, status, invitee_id, email, email_key, first_name, last_name, sent_by, sent_on,
    expires_on, channel, scope, is_open)
select ('019a0000-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('019b0000-0000-7000-8000-' || lpad(to_hex(n % 200), 12, '0'))::uuid, 'Organization ' || n % 200,
       case when n % 3 = 0 then 'access' else 'customer' end, s,
       ('019c0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       invitations_fold(f || '.' || l) || n || '@' || d, invitations_fold(f || '.' || l) || n || '@' || d, f, l,
       ('019d0000-0000-7000-8000-' || lpad(to_hex(n % 1000), 12, '0'))::uuid,
       '2026-01-01'::timestamptz + n * interval '20 seconds', '2099-01-01', 'email', 'customer', s = 'pending'
from (select n,
             case when n % 10 < 4 then 'accepted' when n % 10 < 8 then 'pending' when n % 10 < 9 then 'expired' else 'revoked' end as s,
             (array['Åke','Björn','Kim','Zoë','Anna','Örjan','Maria','Erik','Lars','Eva','Sofia','Nils','Astrid','Göran','Märta','Per','Ingrid','Hugo',
                    'Alva','Élodie'])[1 + (n * 7) % 20]
             || (array['','','',' Maria','-Lena',' Erik',' Johan',''])[1 + (n / 20) % 8] as f,
             initcap((array['an','ber','ek','gran','hol','lind','nor','sand','stor','väst','öst','ny','sjö','strand','sund','wall','åker','blom','dal',
                    'fors'])[1 + (n * 31) % 20]
             || (array['berg','gren','kvist','lund','man','qvist','sson','stedt','ström','vall','dahl','blad','bäck','hage','löf','mark','dotter','ling',
                    'rud','fält'])[1 + (n / 13) % 20]
             || (array['','er','a','en','is'])[1 + (n / 401) % 5]) as l,
             (array['north.example','south.example','east.example','west.example','acme.example'])[1 + (n * 3) % 5] as d
      from generate_series(1, $1) as n) as people
