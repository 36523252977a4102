import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schema } from '../../api/client';
import { AppAndRole, OrganizationChoice } from '../../app/choices';
import { Confirm } from '../../app/Confirm';
import { DataList, Filter } from '../../app/DataList';
import { Field, Form } from '../../app/Form';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { useOnce } from '../../app/once';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { RowMenu } from '../../app/RowMenu';
import { ShownOnce } from '../../app/ShownOnce';
import { SidePanel } from '../../app/SidePanel';
import { listOf, numberOf } from '../../app/typed';
import { Offer } from './Offer';
import { InvitationsParts } from './parts';

type TeamLink = Schema['TeamLinkView'];

/** Links that a team invites itself with: for so many, until a day, from certain domains. */
export function Page() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const organizations = useOrganizations();
  const state = useListState(['organizationId'], 'createdOn:desc');
  const links = useQuery({
    queryKey: ['team-links', state.query],
    queryFn: () => body(api.GET('/api/v1/invitations/team-links', { params: { query: state.query as never } })),
    placeholderData: keepPreviousData,
  });
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<string>();
  const [revoking, setRevoking] = useState<TeamLink>();
  const changed = () => queries.invalidateQueries({ queryKey: ['team-links'] });
  const nameOf = (id: string | undefined) => organizations.find((one) => one.id === id)?.name ?? id;

  const columns: GridColDef<TeamLink>[] = [
    { field: 'organizationId', headerName: t('field.organization'), flex: 1, minWidth: 120, sortable: false, valueFormatter: nameOf },
    { field: 'role', headerName: t('field.role'), flex: 1, minWidth: 130, sortable: false, renderCell: ({ row }) => <Offer appId={row.appId!} role={row.role} /> },
    { field: 'status', headerName: t('field.status'), minWidth: 100, sortable: false, valueFormatter: (status: string) => t(`teamLinks.status.${status}`, { defaultValue: status }) },
    { field: 'uses', headerName: t('teamLinks.uses'), minWidth: 110, valueGetter: (_, { uses, mostUses }) => t('teamLinks.usesOf', { uses: formatNumber(uses!), most: formatNumber(mostUses!) }) },
    { field: 'domains', headerName: t('settings.allowedDomains'), flex: 1, minWidth: 120, sortable: false, valueFormatter: (domains: string[]) => domains.join(', ') || t('settings.allDomains') },
    { field: 'expiresOn', headerName: t('registration.until'), minWidth: 160, valueFormatter: formatInstant },
    { field: 'createdOn', headerName: t('field.createdAt'), minWidth: 160, valueFormatter: formatInstant },
    {
      field: 'actions', headerName: t('list.actions'), width: 90, sortable: false,
      renderCell: ({ row }) =>
        (row.status === 'active' || row.status === 'full') && (
          <RowMenu of={t('teamLinks.of', { at: formatInstant(row.createdOn!) })} actions={[[t('invitations.revoke'), () => setRevoking(row)]]} />
        ),
    },
  ];
  return (
    <>
      <Heading beside={<Button variant="contained" onClick={() => setAdding(true)}>{t('teamLinks.add')}</Button>}>{t('teamLinks.title')}</Heading>
      <InvitationsParts at="team-links" />
      <Typography sx={{ mb: 2 }}>{t('teamLinks.how')}</Typography>
      <DataList
        name={t('teamLinks.title')}
        state={state}
        columns={columns}
        narrow={['organizationId', 'status', 'actions']}
        rows={links}
        isSearched={false}
        add={t('teamLinks.add')}
        filters={<Filter state={state} name="organizationId" label={t('field.organization')} options={organizations.map((one) => [one.id!, one.name!] as const)} />}
      />
      {isAdding && (
        <SidePanel
          title={t(made ? 'teamLinks.made' : 'teamLinks.add')}
          close={() => {
            setAdding(false);
            setMade(undefined);
          }}
        >
          {made ? (
            <ShownOnce how={t('teamLinks.madeHow')} text={`${window.location.origin}/registrations/team-links/${made}`} />
          ) : (
            <Add
              done={(token) => {
                setMade(token);
                void changed();
              }}
            />
          )}
        </SidePanel>
      )}
      {revoking && (
        <Confirm
          title={t('teamLinks.revoke')}
          submit={t('invitations.revoke')}
          close={() => setRevoking(undefined)}
          run={async () => {
            await api.POST('/api/v1/invitations/team-links/{id}/revoke', { params: { path: { id: revoking.id! } } });
            await changed();
          }}
        >
          <Typography>{t('teamLinks.revokeHow', { organization: nameOf(revoking.organizationId) })}</Typography>
        </Confirm>
      )}
    </>
  );
}

function Add({ done }: { done: (token: string) => void }) {
  const { t } = useTranslation();
  const once = useOnce();
  return (
    <Form
      values={{ organizationId: '', appId: '', subscriptionId: '', role: '', mostUses: '', expiresOn: '', domains: '' }}
      submit={t('teamLinks.make')}
      send={async ({ organizationId, appId, subscriptionId, role, mostUses, expiresOn, domains }) => {
        const request = {
          organizationId: organizationId || null, appId: appId || null, subscriptionId: subscriptionId || null, role: role || null, mostUses: numberOf(mostUses), domains: listOf(domains),
          // To the end of the day, where its maker is.
          expiresOn: expiresOn === '' ? null : new Date(`${expiresOn}T23:59:59`).toISOString(),
        };
        done((await body(once((headers) => api.POST('/api/v1/invitations/team-links', { headers, body: request })))).token!);
      }}
    >
      <OrganizationChoice kind="business" label={t('kind.business')} />
      <AppAndRole />
      <Field name="mostUses" label={t('teamLinks.mostUses')} type="number" input={{ min: 1, max: 1000 }} />
      <Field name="expiresOn" label={t('teamLinks.lastDay')} type="date" />
      <Field name="domains" label={t('settings.allowedDomains')} helperText={t('settings.domainsHow')} rows={2} />
    </Form>
  );
}
