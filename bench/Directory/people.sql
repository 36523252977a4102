-- People straight into the read model, as many as $1: names that many share, addresses of their own, roles as rare as they are.
insert into users (id, email, email_key, first_name, last_name, language, system_role, created_at, last_activity_at, invitation_status)
select ('019a0000-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       users_fold(f || '.' || l) || n || '@' || d, users_fold(f || '.' || l) || n || '@' || d, f, l, 'sv',
       case when n % 5000 = 0 then 'systemAdmin' when n % 500 = 0 then 'economyAdmin' when n % 50 = 0 then 'applicant' else 'guest' end,
       '2024-01-01'::timestamptz + n * interval '40 seconds',
       case when n % 3 > 0 then '2026-01-01'::timestamptz + (n::bigint * 7919 % 1000000) * interval '20 seconds' end,
       case when n % 10 < 7 then 'accepted' when n % 10 < 9 then 'notInvited' else 'invited' end
from (select n,
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
