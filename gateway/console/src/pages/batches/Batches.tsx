import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { AwaitsApproval } from '../../app/Approval';
import { DataList, Filter } from '../../app/DataList';
import { formatInstant, formatNumber } from '../../app/format';
import { useListState } from '../../app/list';
import { useOrganizations } from '../../app/organizations';
import { Heading } from '../../app/Page';
import { SidePanel } from '../../app/SidePanel';
import { useUpdates } from '../../app/updates';
import { awaitsApproval } from './Batch';
import { Upload } from './Upload';

type Batch = Schema['BatchView'];

const statuses = ['checking', 'ready', 'running', 'finished', 'cancelled', 'undoing', 'undone'];

/** Invitations of many at once (INV-19, INV-20). */
export function Page() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const organizations = useOrganizations();
  const state = useListState(['status', 'approval', 'organizationId'], '');
  useUpdates('/invitations/batches', 'batches');
  const batches = useQuery({
    queryKey: ['batches', state.query],
    queryFn: () => body(api.GET('/api/v1/invitations/batches', { params: { query: { ...state.query, sort: undefined } as never } })),
    placeholderData: keepPreviousData,
  });
  const [isUploading, setUploading] = useState(false);
  const numbers = (['total', 'done', 'failed'] as const).map(
    (field): GridColDef<Batch> => ({ field, headerName: t(`batches.${field}`), width: 90, sortable: false, align: 'right', headerAlign: 'right', valueFormatter: formatNumber }),
  );
  const columns: GridColDef<Batch>[] = [
    {
      field: 'startedAt', headerName: t('batches.startedAt'), flex: 1, minWidth: 160, sortable: false,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/batches/${row.id}`}>
          {formatInstant(row.startedAt!)}
        </MuiLink>
      ),
    },
    { field: 'organizationId', headerName: t('field.organization'), flex: 1, minWidth: 120, sortable: false, valueFormatter: (id: string) => organizations.find((one) => one.id === id)?.name ?? id },
    { field: 'way', headerName: t('invitations.way'), minWidth: 120, sortable: false, valueFormatter: (way: string) => t(`way.${way}`) },
    { field: 'status', headerName: t('field.status'), minWidth: 130, sortable: false, renderCell: ({ row }) => (awaitsApproval(row) ? <AwaitsApproval /> : t(`batchStatus.${row.status}`)) },
    ...numbers,
  ];
  return (
    <>
      <Heading beside={<Button variant="contained" onClick={() => setUploading(true)}>{t('batches.upload')}</Button>}>{t('shell.batches')}</Heading>
      <DataList
        name={t('shell.batches')}
        state={state}
        columns={columns}
        narrow={['startedAt', 'status']}
        rows={batches}
        isSearched={false}
        filters={
          <>
            <Filter state={state} name="status" label={t('field.status')} options={statuses.map((one) => [one, t(`batchStatus.${one}`)] as const)} />
            <Filter state={state} name="approval" label={t('field.approval')} options={['awaited', 'approved', 'rejected'].map((one) => [one, t(`approval.${one}`)] as const)} />
            <Filter state={state} name="organizationId" label={t('field.organization')} options={organizations.map((one) => [one.id!, one.name!] as const)} />
          </>
        }
      />
      {isUploading && (
        <SidePanel title={t('batches.upload')} close={() => setUploading(false)}>
          <Upload done={(id) => void navigate(`/batches/${id}`)} />
        </SidePanel>
      )}
    </>
  );
}
